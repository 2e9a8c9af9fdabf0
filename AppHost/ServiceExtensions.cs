namespace Son1kVers3.AppHost;

/// <summary>What all services of the page have in common.</summary>
internal static class ServiceExtensions
{
    /// <summary>A service: an HTTP endpoint of its own (launch profiles are for running it alone), healthy when it says so.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, HostSettings settings)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithReplicas(settings.Replicas(name));
        return service.InEnvironmentOf(builder);
    }

    /// <summary>The public origin: a fixed port, the only one that is reachable from outside.</summary>
    public static IResourceBuilder<ProjectResource> AddGateway<TProject>(this IDistributedApplicationBuilder builder, string name, HostSettings settings)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(port: settings.GatewayPort)
            .WithEndpoint("http", endpoint => endpoint.TargetHost = settings.GatewayHost)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health")
            .InEnvironmentOf(builder);

    /// <summary>A database of its own, and the shared servers.</summary>
    public static IResourceBuilder<ProjectResource> WithState(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<RedisResource> redis,
        IResourceBuilder<RabbitMQServerResource> messaging) =>
        service.WithReference(database).WaitFor(database).WithReference(redis).WaitFor(redis).WithReference(messaging).WaitFor(messaging);

    /// <summary>Real Stripe when there is a key; else, in a local run, the sandbox of the tests, which is never published.</summary>
    public static IResourceBuilder<ProjectResource> WithStripe(this IResourceBuilder<ProjectResource> billing, HostSettings settings)
    {
        var builder = billing.ApplicationBuilder;
        if (settings.StripeSecretKey is { } key)
        {
            return billing
                .WithEnvironment("Stripe__SecretKey", builder.AddParameter("stripe-secret-key", key, secret: true))
                .WithEnvironment("Stripe__WebhookSecret", builder.AddParameter("stripe-webhook-secret", settings.StripeWebhookSecret, secret: true));
        }

        if (builder.ExecutionContext.IsPublishMode)
        {
            return billing
                .WithEnvironment("Stripe__SecretKey", builder.AddParameter("stripe-secret-key", secret: true))
                .WithEnvironment("Stripe__WebhookSecret", builder.AddParameter("stripe-webhook-secret", secret: true));
        }

        var sandboxKey = builder.AddParameter("stripe-sandbox-key", new RandomToken("sk_test_"), secret: true, persist: true);
        var webhookSecret = builder.AddParameter("stripe-sandbox-webhook-secret", new RandomToken("whsec_"), secret: true, persist: true);
        var stripe = builder.AddProject<Projects.Stripe_Sandbox>("stripe", options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Sandbox__DataFile", settings.SandboxFile)
            .WithEnvironment("Sandbox__WebhookUrl", settings.WebhookUrl)
            .WithEnvironment("Sandbox__SecretKey", sandboxKey)
            .WithEnvironment("Sandbox__WebhookSecret", webhookSecret)
            .InEnvironmentOf(builder);
        return billing
            .WithEnvironment("Stripe__ApiBase", stripe.GetEndpoint("http"))
            .WithEnvironment("Stripe__SecretKey", sandboxKey)
            .WithEnvironment("Stripe__WebhookSecret", webhookSecret)
            .WaitFor(stripe);
    }

    /// <summary>One folder for all replicas in a local run. What is published names its own.</summary>
    public static IResourceBuilder<ProjectResource> WithMediaFolder(this IResourceBuilder<ProjectResource> generation, HostSettings settings) =>
        generation.ApplicationBuilder.ExecutionContext.IsRunMode ? generation.WithEnvironment("Media__Folder", settings.MediaFolder) : generation;

    private static IResourceBuilder<ProjectResource> InEnvironmentOf(this IResourceBuilder<ProjectResource> project, IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode ? project.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName) : project;
}
