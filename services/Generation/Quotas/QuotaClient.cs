using MassTransit;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Quotas;

/// <summary>Asks billing for units, and says its no in the API's words.</summary>
internal sealed class QuotaClient(IRequestClient<ReserveQuota> client, TimeProvider clock, ILogger<QuotaClient> log)
{
    /// <summary>How long a request waits for billing.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The slug of a denial that only says that this reservation id is spent.</summary>
    public const string ReservationReleased = "reservation-released";

    /// <summary>Billing's decision; null when it did not answer in time, so that nobody knows whether it decided.</summary>
    public async Task<QuotaDecision?> AskAsync(ReserveQuota question)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        try
        {
            // The question also dies in the broker when nobody waits for its answer any more. Sending it does not heed the token while the
            // broker is away: waiting does.
            return (await client.GetResponse<QuotaDecision>(question, timeout.Token, Timeout).WaitAsync(Timeout, clock)).Message;
        }
        catch (Exception e) when (e is MassTransitException or OperationCanceledException or TimeoutException)
        {
            log.LogWarning("Billing did not decide on {ReservationId}: {Reason}", question.ReservationId, e.Message);
            return null;
        }
    }

    /// <summary>The problem that a denial is told as.</summary>
    public ProblemException Denied(QuotaDecision decision)
    {
        var slug = decision.Denial ?? "quota-exceeded";
        if (slug != "quota-exceeded")
            return Problem.Of(slug.EndsWith("-conflict", StringComparison.Ordinal) ? 409 : 403, slug, decision.Detail ?? DetailOf(slug),
                null, ("upgradeTo", decision.UpgradeTo));
        var wait = decision.ResetAt - clock.GetUtcNow();
        return Problem.Of(
            429, slug, decision.Detail ?? DetailOf(slug), wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1),
            ("resetAt", decision.ResetAt), ("upgradeTo", decision.UpgradeTo), ("remaining", decision.Remaining ?? 0));
    }

    private static string DetailOf(string slug) => slug switch
    {
        "quality-not-in-tier" => "Your tier does not include this quality.",
        "storage-full" => "Your storage is full: delete tracks you no longer need, or take a larger tier.",
        "quota-exceeded" => "You have used all generations of this period.",
        _ => "Your tier does not include this.",
    };
}
