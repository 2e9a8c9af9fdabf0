using Son1kVers3.AppHost.Lifetime;

namespace Son1kVers3.AppHost;

/// <summary>What all services of the page have in common.</summary>
internal static class ServiceExtensions
{
    /// <summary>The name of the one public origin.</summary>
    public const string Gateway = "gateway";

    private const string Credential = "Internal__Credential";

    /// <summary>A service: an HTTP endpoint of its own (launch profiles are for running it alone), healthy when it says so.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> credential, HostSettings settings)
        where TProject : IProjectMetadata, new()
    {
        var replicas = settings.Replicas(name);

        // Several replicas need somebody who chooses among them. A single one is asked directly: the orchestrator's proxy would halve what it can answer.
        return builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(isProxied: replicas > 1)
            .WithHttpHealthCheck("/health")
            .WithReplicas(replicas)
            .WithEnvironment(Credential, credential)
            .WithRunDefaults(settings);
    }

    /// <summary>The public origin: a fixed port, the only one that is reachable from outside.</summary>
    public static IResourceBuilder<ProjectResource> AddGateway<TProject>(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ParameterResource> credential, HostSettings settings)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(Gateway, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(port: settings.GatewayPort, isProxied: false)
            .WithEndpoint("http", endpoint => endpoint.TargetHost = settings.GatewayHost)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Web app")
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = $"{endpoint.Url}/docs", DisplayText = "API reference" })
            .WithEnvironment(Credential, credential)
            .WithRunDefaults(settings);

    /// <summary>A database of its own, and the shared servers.</summary>
    public static IResourceBuilder<ProjectResource> WithState(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<RedisResource> redis,
        IResourceBuilder<RabbitMQServerResource> messaging) =>
        service.WithReference(database).WaitFor(database).WithReference(redis).WaitFor(redis).WithReference(messaging).WaitFor(messaging);

    /// <summary>One folder for all processes in a local run. What is published names its own.</summary>
    public static IResourceBuilder<ProjectResource> WithMediaFolder(this IResourceBuilder<ProjectResource> generation, HostSettings settings) =>
        generation.ApplicationBuilder.ExecutionContext.IsRunMode ? generation.WithEnvironment("Media__Folder", settings.MediaFolder) : generation;

    /// <summary>On a developer's own machine mails are read on a page of the service: whoever reads it owns every account.</summary>
    public static IResourceBuilder<ProjectResource> WithMailbox(this IResourceBuilder<ProjectResource> profile, HostSettings settings) =>
        !settings.IsPrivate
            ? profile
            : profile.WithEnvironment("Mail__DevelopmentMailbox", "true")
                .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = $"{endpoint.Url}/internal/mailbox", DisplayText = "Mailbox" });

    /// <summary>What a process gets in a local run alone; what is published is configured by whoever runs it.</summary>
    public static IResourceBuilder<ProjectResource> WithRunDefaults(this IResourceBuilder<ProjectResource> project, HostSettings settings)
    {
        var builder = project.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
            return project;
        project.RunAsBuilt()
            .WithoutHttpsCertificate()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("PUBLIC_URL", settings.PublicUrl)

            // The orchestrator gives a process six seconds to end. When servers and dashboard go at the same moment, a service would try for longer to say goodbye:
            // to the broker for half a minute, and to the dashboard ten seconds for each kind of telemetry.
            .WithEnvironment("shutdownTimeoutSeconds", "5")
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")

            // Aspire asks each process for all its metrics every second, which takes a quarter of a core where nothing else happens.
            .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "10000");
        foreach (var (name, value) in settings.Telemetry)
            project.WithEnvironment(name, value);
        return project;
    }
}
