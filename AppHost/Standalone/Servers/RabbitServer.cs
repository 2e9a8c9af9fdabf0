using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>RabbitMQ from the Debian package, as a node of its own with an <see cref="EpmdServer"/> of its own.</summary>
/// <param name="folder">Holds the node's database, cookie and configuration. The node's name follows from it.</param>
/// <param name="port">The AMQP port on loopback.</param>
/// <param name="distributionPort">Erlang's own port on loopback.</param>
/// <param name="epmdPort">Where the port mapper listens.</param>
/// <param name="userName">The default user.</param>
/// <param name="password">The default user's, fixed at the first start.</param>
public sealed class RabbitServer(string folder, int port, int distributionPort, int epmdPort, string userName, string password) : IServer
{
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];

    private readonly string node = $"son1k{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..8]}@localhost";

    /// <inheritdoc/>
    public int Port => port;

    /// <inheritdoc/>
    public TimeSpan StopGrace => TimeSpan.FromSeconds(2.5);

    /// <summary>Connects to one virtual host of this broker.</summary>
    public string ConnectionString(string virtualHost = "/") =>
        $"amqp://{Uri.EscapeDataString(userName)}:{Uri.EscapeDataString(password)}@127.0.0.1:{port}" + (virtualHost == "/" ? string.Empty : "/" + Uri.EscapeDataString(virtualHost));

    private string Home => Path.Combine(folder, "home");

    /// <inheritdoc/>
    public Task PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        ServerFolder.CreatePrivate(folder);
        ServerFolder.CreatePrivate(Home);
        ServerFolder.WritePrivate(Path.Combine(folder, "enabled_plugins"), "[].\n");
        ServerFolder.WritePrivate(Path.Combine(folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            log.file = false
            log.console = true
            log.console.level = warning
            default_user = {userName}
            default_pass = {password}
            disk_free_limit.absolute = 50MB

            """);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ProcessSpec CreateSpec() => new("rabbitmq", "/usr/lib/rabbitmq/bin/rabbitmq-server")
    {
        CleanEnvironment = true,
        WorkingDirectory = folder,
        Environment = new Dictionary<string, string?>
        {
            ["HOME"] = Home,
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_NODENAME"] = node,
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_DIST_PORT"] = distributionPort.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_CRASH_DUMP"] = "/dev/null",
            ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["detached"] = "1",
        },
    };

    /// <inheritdoc/>
    /// <remarks>The broker opens its listener last; it then answers the protocol header with the method frame Connection.Start.</remarks>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(ProtocolHeader, cancellationToken);
            var answer = new byte[1];
            return await stream.ReadAsync(answer, cancellationToken) == 1 && answer[0] == 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Adds a virtual host, with all rights for the default user.</summary>
    /// <remarks>Through a bare Erlang node: a quarter of what <c>rabbitmqctl</c> takes to start.</remarks>
    public async Task AddVirtualHostAsync(string virtualHost)
    {
        var call = $"""
            N='{node}', U= <<"{userName}">>, V= <<"{virtualHost}">>, A= <<".*">>,
            ok=rpc:call(N,rabbit_vhost,add,[V,U]),
            ok=rpc:call(N,rabbit_auth_backend_internal,set_permissions,[U,V,A,A,A,U]), halt(0).
            """.ReplaceLineEndings(" ");
        var (exitCode, output) = await ProcessLauncher.RunAsync(new ProcessSpec(
            "erl", "erl", "-noinput", "-hidden", "-sname", $"ctl{Guid.NewGuid():N}@localhost", "-eval", call)
        {
            CleanEnvironment = true,
            Environment = new Dictionary<string, string?>
            {
                ["HOME"] = Home,
                ["ERL_CRASH_DUMP"] = "/dev/null",
                ["ERL_EPMD_PORT"] = epmdPort.ToString(CultureInfo.InvariantCulture),
            },
        });
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"Can't add the virtual host {virtualHost}: {output}");
        }
    }
}
