using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>What a member may do: tier and ALVAE level together.</summary>
/// <param name="Tier">The tier that is paid for (or given).</param>
/// <param name="Alvae">The badge, if any.</param>
/// <param name="Allowance">The one allowance that counts.</param>
/// <param name="Units">Generations a period; null when unlimited.</param>
/// <param name="Plan">The plan whose quality, storage and features apply: STUDIO's with ALVAE ("all unlocked").</param>
public sealed record Entitlement(Tier Tier, AlvaeLevel? Alvae, Allowance Allowance, int? Units, TierPlan Plan)
{
    /// <summary>Every combination of tier and level, decided once.</summary>
    private static readonly Entitlement[] All =
    [
        .. from tier in Enum.GetValues<Tier>()
           from level in (AlvaeLevel?[])[null, .. Enum.GetValues<AlvaeLevel>().Cast<AlvaeLevel?>()]
           select Decide(tier, level),
    ];

    /// <summary>How many levels there are, counting "none".</summary>
    internal static int Levels { get; } = Enum.GetValues<AlvaeLevel>().Length + 1;

    /// <summary>The same combinations as the reservation statement looks them up: index = tier × <see cref="Levels"/> + (0 without badge,
    /// else level + 1).</summary>
    internal static IReadOnlyList<Entitlement> Table => All;

    /// <summary>The entitlement of a tier and a level.</summary>
    public static Entitlement Of(Tier tier, AlvaeLevel? alvae) => All[((int)tier * Levels) + (alvae is { } level ? (int)level + 1 : 0)];

    /// <summary>One allowance counts at a time: unlimited, else the larger monthly number (FREE counts as 90), else the paid one.</summary>
    private static Entitlement Decide(Tier tier, AlvaeLevel? alvae)
    {
        var plan = TierCatalogue.Of(tier);
        var own = tier == Tier.Free ? Allowance.Free : Allowance.Paid;
        if (alvae is not { } level)
            return new Entitlement(tier, null, own, plan.Units, plan);
        var unlocked = TierCatalogue.Of(Tier.Studio);
        var units = TierCatalogue.AlvaeUnits(level);
        return units is null || units > plan.MonthlyUnits
            ? new Entitlement(tier, alvae, Allowance.Alvae, units, unlocked)
            : new Entitlement(tier, alvae, own, plan.Units, unlocked);
    }
}
