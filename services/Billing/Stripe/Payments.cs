using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Stripe;

/// <summary>How Stripe's failures look from outside.</summary>
internal static class Payments
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>503: no key is configured.</summary>
    public static ProblemException Unavailable() => Problem.Of(503, "payments-unavailable", "Payments are not set up on this installation.");

    /// <summary>Turns what Stripe does wrong into a 503 that says when to come again.</summary>
    public static async Task<T> ReachAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (StripeUnreachable)
        {
            throw Problem.Of(503, "payments-unavailable", "The payment service does not answer; try again shortly.", Pause);
        }
        catch (StripeRefusal e) when (e.IsFault || e.Status is 401 or 403)
        {
            throw Problem.Of(503, "payments-unavailable", "The payment service has a fault; try again shortly.", Pause);
        }
        catch (StripeRefusal e)
        {
            throw Problem.Of(409, "payment-refused", e.Message);
        }
    }
}
