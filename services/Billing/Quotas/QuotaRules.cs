using System.Globalization;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Quotas;

/// <summary>The rules of a reservation without the database: what the reservation statement decides, and what the member is told.</summary>
public static class QuotaRules
{
    /// <summary>Null when units can be taken, else the slug of the denial. Rights come before room.</summary>
    /// <param name="entitlement">Of this instant.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="balance">Of the bucket that the entitlement draws from.</param>
    /// <param name="storageBytes">Occupied now.</param>
    public static string? Deny(Entitlement entitlement, ReserveQuota request, BucketBalance balance, long storageBytes)
    {
        if (request.Quality > entitlement.Plan.BestQuality)
            return "quality-not-in-tier";
        if (request.Stems && !entitlement.Plan.Features.Stems)
            return "stems-not-in-tier";
        if (storageBytes >= entitlement.Plan.StorageBytes)
            return "storage-full";
        return balance.Reserved + balance.Used + Units(request) > entitlement.Units + balance.Granted ? "quota-exceeded" : null;
    }

    /// <summary>Units that a request takes together.</summary>
    public static int Units(ReserveQuota request) => 1 + request.FurtherIds.Count;

    /// <summary><c>max(0, limit − used − reserved)</c>; null when unlimited.</summary>
    public static int? Remaining(int? limit, BucketBalance balance) => limit is { } l ? Math.Max(0, l + balance.Granted - balance.Used - balance.Reserved) : null;

    /// <summary>The answer to a request, from what the statement found.</summary>
    public static QuotaDecision Decide(ReserveQuota request, ReserveResult result) => new()
    {
        ReservationId = request.ReservationId,
        Granted = result.Granted,
        Tier = result.Tier,
        Allowance = result.Allowance,
        Priority = result.Priority,
        Remaining = Remaining(result.Limit, result.Balance),
        ResetAt = result.Limit is null ? null : result.Period?.End,
        Denial = result.Granted ? null : result.Outcome,
        Detail = result.Granted ? null : Detail(request, result),
        UpgradeTo = result.Granted ? null : UpgradeTo(request, result),
    };

    /// <summary>The cheapest better tier that would have granted the request.</summary>
    public static Tier? UpgradeTo(ReserveQuota request, ReserveResult result)
    {
        if (result.Outcome is "reservation-conflict" or "reservation-released")
            return null;
        foreach (var plan in TierCatalogue.Plans.Where(p => p.Tier > result.Tier))
        {
            var better = Entitlement.Of(plan.Tier, result.Alvae);
            // An upgrade of a paid tier goes on in the same bucket; any other change of allowance begins an empty one.
            var balance = better.Allowance == result.Allowance ? result.Balance : default;
            if (Deny(better, request, balance, result.StorageBytes) is null)
                return plan.Tier;
        }

        return null;
    }

    private static string Detail(ReserveQuota request, ReserveResult result)
    {
        var upgrade = UpgradeTo(request, result) is { } tier ? $"upgrade to {Name(tier)}" : null;
        var plan = Entitlement.Of(result.Tier, result.Alvae).Plan;
        return result.Outcome switch
        {
            "quality-not-in-tier" => $"The quality '{Name(request.Quality)}' is not part of {Name(result.Tier)}: choose '{Name(plan.BestQuality)}'{Or(upgrade)}.",
            "stems-not-in-tier" => $"Stems are not part of {Name(result.Tier)}{Or(upgrade, ": ")}.",
            "storage-full" => $"Your tracks occupy {Gigabytes(result.StorageBytes)} of {Gigabytes(plan.StorageBytes ?? 0)} GB: delete tracks that you no longer need{Or(upgrade)}.",
            "quota-exceeded" => $"Your {result.Limit + result.Balance.Granted} generations of this {PeriodName(result.Allowance)} are spent: "
                + $"wait until {result.Period?.End.UtcDateTime:yyyy-MM-dd HH:mm} UTC{Or(upgrade)}.",
            "reservation-conflict" => "This generation id was used for something else: choose a new one.",
            _ => "This generation was called off before: choose a new id.",
        };
    }

    private static string Or(string? what, string joint = ", or ") => what is null ? "" : joint + what;

    private static string PeriodName(Allowance allowance) => allowance == Allowance.Free ? "day" : "month";

    private static string Name(Tier tier) => tier.ToString().ToUpperInvariant();

    private static string Name(Quality quality) => quality.ToString().ToLowerInvariant();

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture);
}
