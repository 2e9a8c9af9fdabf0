using System.Net;
using Microsoft.Extensions.Options;
using Son1kVers3.ServiceDefaults.Problems;
using Stripe;

namespace Son1kVers3.Billing.Payments;

/// <summary>Stripe's failures: what they mean, and how they look from outside.</summary>
internal static class StripeProblems
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    extension(StripeException e)
    {
        /// <summary>There is no such object, in the path or among the parameters.</summary>
        public bool IsMissing => e.HttpStatusCode == HttpStatusCode.NotFound || e.StripeError?.Code == "resource_missing";

        /// <summary>A parameter names a price that is gone or archived.</summary>
        public bool IsAboutPrice =>
            e.HttpStatusCode == HttpStatusCode.BadRequest && e.StripeError?.Param is { } param
                && param.Contains("price", StringComparison.Ordinal);

        /// <summary>The state of the object forbids it; asking again changes nothing.</summary>
        public bool IsRefusal => e.HttpStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound;

        /// <summary>No answer came, or a fault of Stripe's or of our key: the same may work later.</summary>
        public bool IsOutage => (int)e.HttpStatusCode is 0 or 401 or 403 or 429 or >= 500;

        /// <summary>Stripe will replay this answer. Silence, a limit and a collision leave the key as it is.</summary>
        public bool EndsItsKey() => (int)e.HttpStatusCode is not (0 or 429) && e.StripeError?.Code != "idempotency_key_in_use";
    }

    /// <summary>No answer: broken connection, or longer than we wait.</summary>
    public static bool IsSilence(this Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>503 when no key is configured.</summary>
    public static void Require(this IOptions<StripeOptions> options)
    {
        if (!options.Value.IsConfigured)
            throw Problem.Of(503, "payments-unavailable", "Payments are not set up on this installation.");
    }

    /// <summary>Turns what Stripe does wrong into a 503 that says when to come again, and what it refuses into a 409.</summary>
    public static async Task<T> ReachAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (StripeException e) when (!e.IsOutage)
        {
            throw Problem.Of(409, "payment-refused", e.StripeError?.Message ?? e.Message);
        }
        catch (StripeException)
        {
            throw Problem.Of(503, "payments-unavailable", "The payment service has a fault; try again shortly.", Pause);
        }
        catch (Exception e) when (e.IsSilence(cancellationToken))
        {
            throw Problem.Of(503, "payments-unavailable", "The payment service does not answer; try again shortly.", Pause);
        }
    }
}
