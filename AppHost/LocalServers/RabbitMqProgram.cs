using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Son1kVers3.LocalServers;

/// <summary>RabbitMQ from the Debian package, as a node of its own beside a port mapper of its own.</summary>
/// <remarks>
/// Left alone, RabbitMQ starts Erlang's port mapper (epmd) as a daemon that listens everywhere and outlives it. Here it is a program like the others, started before.
/// The wrapper in <c>/usr/sbin</c> would change user and folders; the program behind it does as it is told.
/// </remarks>
public static class RabbitMqProgram
{
    /// <summary>Where the port mapper of a broker listens; what asks the broker's node by Erlang's means needs it.</summary>
    public static string MapperOf(string broker) => broker + "-epmd";

    /// <summary>The Erlang name of the broker that keeps its data in a folder. Two with the same name could not share a machine.</summary>
    public static string NodeName(string folder) => $"son1k{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..8]}@localhost";

    /// <summary>The home folder, which holds the node's cookie.</summary>
    public static string HomeOf(string folder) => Path.Combine(folder, "home");

    /// <summary>Runs it as a program where there is no container runtime.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithLocalProgram(this IResourceBuilder<RabbitMQServerResource> rabbit, LocalData data)
    {
        rabbit.WithoutHttpsCertificate();
        var builder = rabbit.ApplicationBuilder;
        if (!ProgramOfServer.IsNeeded(builder, data))
            return rabbit;
        var folder = data.Of(rabbit.Resource.Name);
        var mapper = builder.AddMapper(rabbit);
        var program = builder.AddExecutable(rabbit.Resource.Name + "-server", "/usr/lib/rabbitmq/bin/rabbitmq-server", folder)
            .WithEndpoint(name: "distribution", isProxied: false)
            .WithEnvironment("HOME", HomeOf(folder))
            .WithEnvironment("RABBITMQ_CONF_ENV_FILE", "/dev/null")
            .WithEnvironment("RABBITMQ_NODENAME", NodeName(folder))
            .WithEnvironment("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .WithEnvironment("RABBITMQ_MNESIA_BASE", Path.Combine(folder, "mnesia"))
            .WithEnvironment("RABBITMQ_LOG_BASE", Path.Combine(folder, "log"))
            .WithEnvironment("RABBITMQ_PID_FILE", Path.Combine(folder, "pid"))
            .WithEnvironment("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder, "enabled_plugins"))
            .WithEnvironment("RABBITMQ_CONFIG_FILE", Path.Combine(folder, "rabbitmq.conf"))
            .WithEnvironment("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")
            .WithEnvironment("ERL_CRASH_DUMP", "/dev/null")
            .WithEnvironment("ERL_EPMD_ADDRESS", "127.0.0.1")
            // Where its mapper has just ended, it would start one of its own that outlives both.
            .WithEnvironment("ERL_FLAGS", "-start_epmd false")
            .WithEnvironment("ERL_EPMD_PORT", mapper.GetEndpoint("tcp").Property(EndpointProperty.Port))
            .WithEnvironment("detached", "1")
            .WaitFor(mapper);
        program.WithEnvironment("RABBITMQ_NODE_PORT", program.GetEndpoint("tcp").Property(EndpointProperty.TargetPort))
            .WithEnvironment("RABBITMQ_DIST_PORT", program.GetEndpoint("distribution").Property(EndpointProperty.TargetPort))
            .OnBeforeResourceStarted(async (_, _, cancellationToken) =>
            {
                PrivateFiles.CreateFolder(folder);
                PrivateFiles.CreateFolder(HomeOf(folder));
                PrivateFiles.Write(Path.Combine(folder, "enabled_plugins"), "[].\n");
                PrivateFiles.Write(Path.Combine(folder, "rabbitmq.conf"), $"""
                    log.file = false
                    log.console = true
                    log.console.level = warning
                    default_user = guest
                    default_pass = {await rabbit.Resource.PasswordParameter.GetValueAsync(cancellationToken)}
                    disk_free_limit.absolute = 50MB

                    """);
            });
        return rabbit.RunAs(program);
    }

    private static IResourceBuilder<ExecutableResource> AddMapper(this IDistributedApplicationBuilder builder, IResourceBuilder<RabbitMQServerResource> rabbit)
    {
        var mapper = builder.AddExecutable(MapperOf(rabbit.Resource.Name), "/usr/bin/epmd", "/").WithEndpoint(name: "tcp", isProxied: false).WithParentRelationship(rabbit);
        return mapper.WithArgs(context =>
        {
            context.Args.Add("-address");
            context.Args.Add("127.0.0.1");
            context.Args.Add("-port");
            context.Args.Add(mapper.GetEndpoint("tcp").Property(EndpointProperty.TargetPort));
        });
    }
}
