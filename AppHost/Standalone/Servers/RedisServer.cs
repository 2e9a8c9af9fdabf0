using System.Net;
using System.Net.Sockets;
using System.Text;
using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>Redis from the Debian package. The password stands in a private configuration file, never on the command line.</summary>
/// <param name="folder">Holds the configuration and the append-only files.</param>
/// <param name="port">The port on loopback.</param>
/// <param name="password">Asked of every client.</param>
/// <param name="durable">False for data that is thrown away.</param>
public sealed class RedisServer(string folder, int port, string password, bool durable = true) : IServer
{
    /// <inheritdoc/>
    public int Port => port;

    /// <inheritdoc/>
    public TimeSpan StopGrace => TimeSpan.FromSeconds(1);

    /// <summary>Connects to this server, in StackExchange.Redis' form.</summary>
    public string ConnectionString => $"127.0.0.1:{port},password={password}";

    private string ConfigurationFile => Path.Combine(folder, "redis.conf");

    /// <inheritdoc/>
    public Task PrepareAsync(Action<string> log, CancellationToken cancellationToken)
    {
        ServerFolder.CreatePrivate(folder);
        ServerFolder.WritePrivate(ConfigurationFile, $"""
            bind 127.0.0.1
            port {port}
            dir {folder}
            requirepass {password}
            databases 512
            daemonize no
            appendonly {(durable ? "yes" : "no")}
            save ""

            """);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ProcessSpec CreateSpec() => new("redis", "redis-server", ConfigurationFile)
    {
        CleanEnvironment = true,
        WorkingDirectory = folder,
        DeathSignal = Signal.Terminate,
    };

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(cancellationToken) == "+OK" && await reader.ReadLineAsync(cancellationToken) == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
