namespace Son1kVers3.Billing.Stripe;

/// <summary>The way to Stripe: its own client.</summary>
internal static class StripeSeam
{
    public static void Add(IServiceCollection services) => services.AddHttpClient<IStripe, StripeNet>();
}
