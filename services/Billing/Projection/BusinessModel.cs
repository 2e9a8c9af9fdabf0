using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Projection;

/// <summary>What so many subscribers bring in, and how many FREE members the pool's share of their tracks sustains.</summary>
public sealed record BusinessModel(
    string Currency, IReadOnlyList<TierProjection> Tiers, long MonthlyCents, long YearlyCents, long PoolGenerationsPerMonth,
    long FreeUsersSustained)
{
    /// <summary>Of twenty tracks that paid allowances make one goes to the pool: 5 %.</summary>
    public const int PoolShare = 20;

    /// <summary>Projects subscribers per paid tier.</summary>
    public static BusinessModel Of(long creator, long pro, long studio)
    {
        TierProjection[] tiers = [Project(Tier.Creator, creator), Project(Tier.Pro, pro), Project(Tier.Studio, studio)];
        var monthly = tiers.Sum(t => t.MonthlyCents);
        var pool = tiers.Sum(t => t.GenerationsPerMonth) / PoolShare;
        return new BusinessModel(
            TierCatalogue.Currency, tiers, monthly, monthly * 12, pool, pool / TierCatalogue.Of(Tier.Free).MonthlyUnits);
    }

    private static TierProjection Project(Tier tier, long subscribers)
    {
        var plan = TierCatalogue.Of(tier);
        return new TierProjection(tier, subscribers, subscribers * plan.PriceCents, subscribers * plan.MonthlyUnits);
    }
}

/// <summary>One tier's part.</summary>
public sealed record TierProjection(Tier Tier, long Subscribers, long MonthlyCents, long GenerationsPerMonth);
