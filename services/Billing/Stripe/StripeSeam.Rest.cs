namespace Son1kVers3.Billing.Stripe;

/// <summary>Which way to Stripe is compiled: this one without Stripe.net.</summary>
internal static class StripeSeam
{
    public static void Add(IServiceCollection services) => services.AddHttpClient<IStripe, StripeRest>(Configure);

    // Each attempt has its own timeout.
    private static void Configure(HttpClient http) => http.Timeout = Timeout.InfiniteTimeSpan;
}
