using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tiers;

/// <summary>How long an allowance lasts before it is full again.</summary>
[JsonConverter(typeof(NamedEnumConverter<QuotaPeriod>))]
public enum QuotaPeriod
{
    /// <summary>A UTC day.</summary>
    [JsonStringEnumMemberName("day")] Day,

    /// <summary>A month: the subscription's own billing period, or a calendar month for ALVAE.</summary>
    [JsonStringEnumMemberName("month")] Month,
}

/// <summary>One tier, as it is sold.</summary>
/// <param name="Tier">Which one.</param>
/// <param name="PriceCents">A month, in <see cref="TierCatalogue.Currency"/>.</param>
/// <param name="Units">Generations a <paramref name="Period"/>.</param>
/// <param name="Period">When the units come back.</param>
/// <param name="MonthlyUnits">The same as a monthly number, by which allowances are compared and the business model counts.</param>
/// <param name="BestQuality">The best quality, which includes the lesser ones.</param>
/// <param name="StorageBytes">Null when unlimited.</param>
/// <param name="Features">What else comes with it.</param>
/// <param name="Planned">What will come with it.</param>
public sealed record TierPlan(
    Tier Tier, int PriceCents, int Units, QuotaPeriod Period, int MonthlyUnits, Quality BestQuality, long? StorageBytes,
    TierFeatures Features,
    IReadOnlyList<PlannedFeature> Planned)
{
    /// <summary>Every quality of the tier, the simplest first.</summary>
    public IReadOnlyList<Quality> Qualities { get; } = [.. Enum.GetValues<Quality>().Where(q => q <= BestQuality)];
}

/// <summary>What a tier unlocks besides generations, quality and storage: what works today.</summary>
public sealed record TierFeatures
{
    public bool PoolClaims { get; init; }
    public bool Stems { get; init; }
    public bool ApiKeys { get; init; }
    public bool FullApiRate { get; init; }
    public bool PriorityQueue { get; init; }
}

/// <summary>What a tier will have and does not have yet: no reason to buy it today.</summary>
[JsonConverter(typeof(NamedEnumConverter<PlannedFeature>))]
public enum PlannedFeature
{
    [JsonStringEnumMemberName("advancedEditing")] AdvancedEditing,
    [JsonStringEnumMemberName("looper")] Looper,
    [JsonStringEnumMemberName("whiteLabel")] WhiteLabel,
}

/// <summary>The four tiers and the ALVAE allowances: the one place where their numbers stand.</summary>
public static class TierCatalogue
{
    /// <summary>ISO 4217, in Stripe's spelling.</summary>
    public const string Currency = "usd";

    /// <summary>Place in the queue of jobs for those with a priority queue; all others have 0.</summary>
    public const int PriorityQueue = 10;

    private const long Gigabyte = 1_000_000_000;

    /// <summary>By tier, the cheapest first; the index is the tier.</summary>
    public static IReadOnlyList<TierPlan> Plans { get; } =
    [
        new(Tier.Free, 0, 3, QuotaPeriod.Day, 90, Quality.Standard, 1 * Gigabyte, new() { PoolClaims = true }, []),
        new(Tier.Creator, 999, 50, QuotaPeriod.Month, 50, Quality.High, 10 * Gigabyte, new(),
            [PlannedFeature.AdvancedEditing, PlannedFeature.Looper]),
        new(Tier.Pro, 2999, 200, QuotaPeriod.Month, 200, Quality.Ultra, 100 * Gigabyte,
            new() { Stems = true, ApiKeys = true }, [PlannedFeature.AdvancedEditing, PlannedFeature.Looper]),
        new(Tier.Studio, 9999, 1000, QuotaPeriod.Month, 1000, Quality.Ultra, null,
            new() { Stems = true, ApiKeys = true, FullApiRate = true, PriorityQueue = true },
            [PlannedFeature.AdvancedEditing, PlannedFeature.Looper, PlannedFeature.WhiteLabel]),
    ];

    /// <summary>The plan of a tier.</summary>
    public static TierPlan Of(Tier tier) => Plans[(int)tier];

    /// <summary>Generations a calendar month that a level grants; null when unlimited.</summary>
    public static int? AlvaeUnits(AlvaeLevel level) => level == AlvaeLevel.EarlyAdopter ? 1000 : null;
}
