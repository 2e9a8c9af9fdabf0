namespace Son1kVers3.Pool.Sustainability;

/// <summary>Paid members of a tier, and what their allowances make together a month.</summary>
internal sealed record PaidTier(string Tier, long Members, long Units);

/// <summary>What forecast and business model are computed from.</summary>
/// <param name="Available">Tracks that can be claimed now.</param>
/// <param name="Contributed">Contributions of the last 30 days.</param>
/// <param name="Claimed">Claims of the last 30 days.</param>
/// <param name="ClaimedLately">Claims of the last 7 days.</param>
/// <param name="FirstContribution">The earliest of the last 30 days.</param>
internal sealed record StockFacts(
    IReadOnlyList<PaidTier> Paid, long ActiveFree, long Available, long Contributed, long Claimed, long ClaimedLately,
    DateTimeOffset? FirstContribution, DateTimeOffset? LastContribution);

/// <summary>The business model: what paid allowances put into the pool, and how many FREE members live on that.</summary>
internal static class BusinessModel
{
    /// <summary>Of twenty tracks one.</summary>
    public const int PoolShare = Contributions.Accumulator.OneIn;

    /// <summary>The model counts 30 days of the 3 claims.</summary>
    public const int ClaimsPerFreeMember = 90;

    /// <summary>Tracks a month, when paid members use what they pay for: 950 for 60 CREATOR, 30 PRO and 10 STUDIO.</summary>
    public static long MonthlyInflow(IEnumerable<PaidTier> paid) => paid.Sum(tier => tier.Units) / PoolShare;

    public static long FreeMembersSustained(long monthlyInflow) => monthlyInflow / ClaimsPerFreeMember;

    /// <summary>Paid members for each FREE one sustained, <c>10:1</c>; null while none is.</summary>
    public static string? Ratio(long paidMembers, long sustained) =>
        sustained == 0 ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(double)paidMembers / sustained:0.#}:1");
}

/// <summary>How the stock goes on at the pace of the last 30 days (or since the first contribution in them).</summary>
/// <param name="DailyInflow">Contributions a day.</param>
/// <param name="DailyClaims">Claims a day.</param>
/// <param name="DaysOfStock">Until the pool is empty; null when it grows or nobody claims.</param>
/// <param name="StockIn30Days">Never below 0.</param>
/// <param name="NextExpectedAt">When the next contribution is expected; null where none is.</param>
internal sealed record Forecast(
    double DailyInflow, double DailyClaims, double? DaysOfStock, long StockIn30Days, DateTimeOffset? NextExpectedAt)
{
    private const int Days = 30;

    public static Forecast Of(StockFacts facts, DateTimeOffset now)
    {
        var days = facts.FirstContribution is { } first ? Math.Clamp((now - first).TotalDays, 1, Days) : Days;
        var (inflow, claims) = (facts.Contributed / days, facts.Claimed / days);
        var drain = claims - inflow;
        return new Forecast(
            Math.Round(inflow, 2), Math.Round(claims, 2), drain > 0 ? Math.Round(facts.Available / drain, 1) : null,
            Math.Max(0, (long)Math.Round(facts.Available - (drain * Days))), NextExpected(facts, inflow, now));
    }

    /// <summary>Claims that the next day is expected to bring: the daily mean of the last seven, rounded up.</summary>
    public static int ExpectedClaims(long claimedLately) => (int)Math.Ceiling(claimedLately / 7.0);

    /// <summary>A mean interval after the last one, or from now when that is over; before the first contributions, by what paid members
    /// could make.</summary>
    private static DateTimeOffset? NextExpected(StockFacts facts, double dailyInflow, DateTimeOffset now)
    {
        var daily = dailyInflow > 0 ? dailyInflow : BusinessModel.MonthlyInflow(facts.Paid) / (double)Days;
        if (daily <= 0)
            return null;
        var interval = TimeSpan.FromDays(1 / daily);
        var next = (facts.LastContribution ?? now) + interval;
        return next > now ? next : now + interval;
    }
}
