using Microsoft.Extensions.Options;
using Stripe;

namespace Son1kVers3.Billing.Payments;

/// <summary>The client of Stripe.net: it signs in, names the API version, and retries what Stripe says may be retried, under the same
/// key.</summary>
internal static class StripeConnection
{
    /// <summary>Name of the <see cref="HttpClient"/> that it sends through.</summary>
    public const string Name = "stripe";

    private const int Retries = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static void AddStripeClient(this IServiceCollection services)
    {
        services.AddHttpClient(Name, http => http.Timeout = Timeout);
        services.AddTransient<IStripeClient>(provider => new StripeClient(new StripeClientOptions
        {
            ApiKey = provider.GetRequiredService<IOptions<StripeOptions>>().Value.SecretKey ?? "none",
            ApiBase = provider.GetRequiredService<IOptions<StripeOptions>>().Value.ApiBase,
            HttpClient = new SystemNetHttpClient(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name), maxNetworkRetries: Retries, enableTelemetry: false),
        }));
        services.AddTransient<StripeKeys>();
    }
}
