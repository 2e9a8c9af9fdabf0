using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Values from configuration.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value that must be configured.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddParameter(name, () => throw new InvalidOperationException($"The parameter '{name}' has no value: configure Parameters:{name}."), secret);

    /// <summary>A value with a default.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) => builder.AddParameter(name, () => value, secret);

    /// <summary>A value that is made once and, with <paramref name="persist"/>, kept for the next start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddParameter(name, persist ? () => ((DistributedApplicationBuilder)builder).Secrets.GetOrCreate(name, value.GetDefaultValue) : value.GetDefaultValue, secret);

    internal static ParameterResource AddPassword(this IDistributedApplicationBuilder builder, string owner) =>
        builder.AddParameter($"{owner}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true).Resource;

    private static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> fallback, bool secret) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] is { Length: > 0 } configured ? configured : fallback(), secret));
}

/// <summary>.NET projects of the solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project.</summary>
    /// <typeparam name="TProject">Generated for each project reference.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        configure(new ProjectResourceOptions());
        return builder.AddProject<TProject>(name);
    }

    /// <summary>Adds a project.</summary>
    /// <typeparam name="TProject">Generated for each project reference.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddResource(new ProjectResource(name)).WithAnnotation(new ProjectAnnotation(new TProject()));

    /// <summary>Runs so many processes of it, each with ports of its own.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas));
}

/// <summary>Programs of the machine.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, workingDirectory) { Arguments = args ?? [] });
}

/// <summary>PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.AddResource(new PostgresServerResource(name, userName?.Resource, password?.Resource ?? builder.AddPassword(name)))
            .WithAnnotation(new EndpointAnnotation("tcp", "tcp", port));

    /// <summary>Adds a database of the server.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        builder.Resource.AddDatabase(name, databaseName ?? name);
        return builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
    }

    /// <summary>Keeps the data for the next start. Here it always is.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

/// <summary>Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(name, password?.Resource ?? builder.AddPassword(name))).WithAnnotation(new EndpointAnnotation("tcp", "tcp", port));

    /// <summary>Keeps the data for the next start. Here it always is.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

/// <summary>RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a broker.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.AddResource(new RabbitMQServerResource(name, userName?.Resource, password?.Resource ?? builder.AddPassword(name)))
            .WithAnnotation(new EndpointAnnotation("tcp", "tcp", port));

    /// <summary>Keeps the data for the next start. Here it always is.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}
