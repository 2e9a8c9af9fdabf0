using Son1kVers3.AppHost.Secrets;

namespace Son1kVers3.AppHost;

/// <summary>Whom billing takes payments with.</summary>
internal static class StripeExtensions
{
    /// <summary>Real Stripe when there is a key; else, in a local run, the sandbox of the tests, which is never published.</summary>
    public static IResourceBuilder<ProjectResource> WithStripe(this IResourceBuilder<ProjectResource> billing, HostSettings settings)
    {
        var builder = billing.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
            return billing.WithKeys(builder.AddParameter("stripe-secret-key", secret: true), builder.AddParameter("stripe-webhook-secret", secret: true));
        if (settings.StripeSecretKey is { } key)
        {
            return billing.WithKeys(
                builder.AddParameter("stripe-secret-key", key, secret: true),
                builder.AddParameter("stripe-webhook-secret", settings.StripeWebhookSecret, secret: true));
        }

        var secretKey = builder.AddSecret("stripe-sandbox-key", new RandomToken("sk_test_"), settings);
        var webhookSecret = builder.AddSecret("stripe-sandbox-webhook-secret", new RandomToken("whsec_"), settings);
        var sandbox = builder.AddProject<Projects.Stripe_Sandbox>("stripe", options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(isProxied: false)
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Pay sandbox")
            .WithEnvironment("Sandbox__DataFile", settings.SandboxFile)
            .WithEnvironment("Sandbox__WebhookUrl", settings.WebhookUrl)
            .WithEnvironment("Sandbox__SecretKey", secretKey)
            .WithEnvironment("Sandbox__WebhookSecret", webhookSecret)
            .WithRunDefaults(settings);
        return billing.WithKeys(secretKey, webhookSecret).WithEnvironment("Stripe__ApiBase", sandbox.GetEndpoint("http")).WaitFor(sandbox);
    }

    private static IResourceBuilder<ProjectResource> WithKeys(
        this IResourceBuilder<ProjectResource> billing, IResourceBuilder<ParameterResource> secretKey, IResourceBuilder<ParameterResource> webhookSecret) =>
        billing.WithEnvironment("Stripe__SecretKey", secretKey).WithEnvironment("Stripe__WebhookSecret", webhookSecret);
}
