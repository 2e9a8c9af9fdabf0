using System.Globalization;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Quotas;

/// <summary>What the member is told of a reservation; what is decided stands in the reservation statement
/// (<c>QuotaFunctions.sql</c>).</summary>
public static class QuotaRules
{
    /// <summary><c>max(0, limit − used − reserved)</c>; null when unlimited.</summary>
    public static int? Remaining(int? limit, BucketBalance balance) =>
        limit is { } l ? Math.Max(0, l + balance.Granted - balance.Used - balance.Reserved) : null;

    /// <summary>The answer to a request, from what the statement found.</summary>
    public static QuotaDecision Decide(ReserveQuota request, ReserveResult result) => new()
    {
        ReservationId = request.ReservationId,
        Granted = result.Granted,
        Tier = result.Tier,
        Allowance = result.Allowance,
        Priority = result.Priority,
        Remaining = Remaining(result.Limit, result.Balance),
        ResetAt = result.Limit is null ? null : result.ResetAt,
        Denial = result.Granted ? null : result.Outcome.Slug(),
        Detail = result.Granted ? null : Detail(request, result),
        UpgradeTo = result.UpgradeTo,
    };

    private static string Detail(ReserveQuota request, ReserveResult result)
    {
        var upgrade = result.UpgradeTo is { } tier ? $"upgrade to {Name(tier)}" : null;
        var plan = Entitlement.Of(result.Tier, result.Alvae).Plan;
        return result.Outcome switch
        {
            QuotaOutcome.QualityNotInTier =>
                $"The quality '{Name(request.Quality)}' is not part of {Name(result.Tier)}: "
                + $"choose '{Name(plan.BestQuality)}'{Or(upgrade)}.",
            QuotaOutcome.StemsNotInTier => $"Stems are not part of {Name(result.Tier)}{Or(upgrade, ": ")}.",
            QuotaOutcome.StorageFull =>
                $"Your tracks occupy {Gigabytes(result.StorageBytes)} of {Gigabytes(plan.StorageBytes ?? 0)} GB: "
                + $"delete tracks that you no longer need{Or(upgrade)}.",
            QuotaOutcome.QuotaExceeded =>
                $"Your {result.Limit + result.Balance.Granted} generations of this {PeriodName(result.Allowance)} are spent: "
                + $"wait until {result.ResetAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC{Or(upgrade)}.",
            QuotaOutcome.ReservationConflict => "This generation id was used for something else: choose a new one.",
            _ => "This generation was called off before: choose a new id.",
        };
    }

    private static string Or(string? what, string joint = ", or ") => what is null ? "" : joint + what;

    private static string PeriodName(Allowance allowance) => allowance == Allowance.Free ? "day" : "month";

    private static string Name(Tier tier) => tier.ToString().ToUpperInvariant();

    private static string Name(Quality quality) => quality.ToString().ToLowerInvariant();

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture);
}
