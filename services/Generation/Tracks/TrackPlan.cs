using System.Text.Json;

namespace Son1kVers3.Generation.Tracks;

/// <summary>
/// A provider's plan: the facts of the track, and all of it as JSON in the API's shape with whatever else the provider wants to keep.
/// </summary>
internal sealed record TrackPlan(string Genre, string? Mood, double Tempo, string Key, string Json)
{
    /// <summary>The plan as it is stored with a track.</summary>
    public static TrackPlan Of(Track track)
    {
        var plan = PlanView.Of(track) ?? new PlanView();
        return new TrackPlan(plan.Genre ?? track.Genre ?? "", plan.Mood, plan.Tempo, plan.Key ?? "", track.Plan ?? "{}");
    }
}

/// <summary>The public part of a plan.</summary>
internal sealed record PlanView
{
    public string? Genre { get; init; }
    public string? Mood { get; init; }
    public double Tempo { get; init; }
    public string? Key { get; init; }
    public string? TimeSignature { get; init; }
    public IReadOnlyList<PlanSectionView> Form { get; init; } = [];
    public IReadOnlyList<string> Instruments { get; init; } = [];
    public string? EngineVersion { get; init; }

    /// <summary>Nothing is sung in it; null for plans that do not say.</summary>
    public bool? Instrumental { get; init; }

    /// <summary>What was asked for and is not offered.</summary>
    public IReadOnlyList<IgnoredView> Ignored { get; init; } = [];

    /// <summary>Null until the composing is done.</summary>
    public static PlanView? Of(Track track) => track.Plan is null ? null : Of(track.Plan);

    public static PlanView? Of(string json) => JsonSerializer.Deserialize<PlanView>(json, JsonSerializerOptions.Web);
}

internal sealed record PlanSectionView(string Section, double StartSeconds, int Bars);

/// <param name="What">The words that were asked.</param>
/// <param name="Why">Why they had no effect.</param>
internal sealed record IgnoredView(string What, string Why);
