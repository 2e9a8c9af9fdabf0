using System.Text.Json;

namespace Son1kVers3.Billing.Quotas;

/// <summary>What became of the question for a unit.</summary>
public enum QuotaOutcome
{
    Granted,
    QualityNotInTier,
    StemsNotInTier,
    StorageFull,
    QuotaExceeded,

    /// <summary>The id was used for something else.</summary>
    ReservationConflict,

    /// <summary>The generation was called off before.</summary>
    ReservationReleased,
}

/// <summary>Outcomes as the reservation statement says them, and as problems are called.</summary>
public static class QuotaOutcomes
{
    private static readonly Dictionary<QuotaOutcome, string> Slugs =
        Enum.GetValues<QuotaOutcome>().ToDictionary(o => o, o => JsonNamingPolicy.KebabCaseLower.ConvertName(o.ToString()));

    private static readonly Dictionary<string, QuotaOutcome> Outcomes = Slugs.ToDictionary(p => p.Value, p => p.Key);

    /// <summary>The slug of the problem, for example <c>quota-exceeded</c>.</summary>
    public static string Slug(this QuotaOutcome outcome) => Slugs[outcome];

    /// <summary>The outcome of a slug.</summary>
    public static QuotaOutcome Parse(string slug) => Outcomes[slug];
}

/// <summary>How a unit moves on.</summary>
public enum UnitMove
{
    /// <summary>Its generation exists: it no longer lapses.</summary>
    Confirm,

    /// <summary>Its generation is finished: it is used.</summary>
    Commit,

    /// <summary>Its generation failed or was cancelled: it is given back.</summary>
    Release,
}
