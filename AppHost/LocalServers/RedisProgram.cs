using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Son1kVers3.LocalServers;

/// <summary>Redis from the Debian package.</summary>
public static class RedisProgram
{
    // Where the package puts it, which is where it was looked for: a user's PATH may say otherwise.
    private const string Program = "/usr/bin/redis-server";

    /// <summary>Runs it as a program where there is no container runtime.</summary>
    public static IResourceBuilder<RedisResource> WithLocalProgram(this IResourceBuilder<RedisResource> redis, LocalData data)
    {
        redis.WithoutHttpsCertificate();
        var builder = redis.ApplicationBuilder;
        if (!ProgramOfServer.IsNeeded(builder, data))
            return redis;
        var folder = data.Of(redis.Resource.Name);
        var configuration = Path.Combine(folder, "redis.conf");
        var program = builder.AddExecutable(redis.Resource.Name + "-server", Program, "/");
        program.WithArgs(context =>
        {
            context.Args.Add(configuration);
            context.Args.Add("--port");
            context.Args.Add(program.GetEndpoint("tcp").Property(EndpointProperty.TargetPort));
        });
        program.OnBeforeResourceStarted(async (_, _, cancellationToken) =>
        {
            PrivateFiles.CreateFolder(folder);
            PrivateFiles.Write(configuration, $"""
                bind 127.0.0.1
                dir {folder}
                requirepass {await redis.Resource.PasswordParameter!.GetValueAsync(cancellationToken)}
                databases 512
                daemonize no
                appendonly {(data.Durable ? "yes" : "no")}
                save ""

                """);
        });
        return redis.RunAs(program);
    }
}
