using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Webhooks;

/// <summary>The one endpoint that the configuration names.</summary>
internal static class ConfiguredEndpoint
{
    private const string Description = "From the configuration";

    /// <summary>Adds it, or gives the one of an earlier run its present address and secret.</summary>
    public static void AddConfiguredEndpoint(this World world)
    {
        if (world.Options.WebhookUrl is not { Length: > 0 } url)
        {
            return;
        }

        lock (world.Gate)
        {
            var endpoint = world.State.Endpoints.Values.FirstOrDefault(e => e.Description == Description)
                ?? WebhookEndpointApi.Add(world, url, world.Options.WebhookSecret, ["*"]);
            (endpoint.Url, endpoint.Secret, endpoint.Description) = (url, world.Options.WebhookSecret, Description);
        }
    }
}
