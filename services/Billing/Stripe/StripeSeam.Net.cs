namespace Son1kVers3.Billing.Stripe;

/// <summary>Which way to Stripe is compiled: this one with Stripe.net.</summary>
internal static class StripeSeam
{
    public static void Add(IServiceCollection services) => services.AddHttpClient<IStripe, StripeNet>();
}
