using System.Text.Json;
using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Analytics;

/// <summary>What members do, as the events of the bus tell it.</summary>
internal enum Activity
{
    SignedUp,
    Generated,
    Played,
    Liked,
    Contributed,
    Claimed,
    Upgraded,
}

/// <summary>What is kept of an activity besides who and when. Of closed lists only: no prompt, no title, no lyrics can get in.</summary>
internal sealed record ActivityProperties
{
    public Tier? Tier { get; init; }
    public Quality? Quality { get; init; }
    public Allowance? Allowance { get; init; }

    /// <summary>Of a track: made from another one.</summary>
    public bool? Derived { get; init; }

    /// <summary>Of a contribution: by the accumulator, not by hand.</summary>
    public bool? Automatic { get; init; }
}

/// <summary>How names and properties stand in the tables.</summary>
internal static class AnalyticsText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary><c>signed-up</c> of <see cref="Activity.SignedUp"/>.</summary>
    public static string NameOf<T>(T name)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(name.ToString());

    public static string Of<T>(T? properties)
        where T : class => properties is null ? "{}" : JsonSerializer.Serialize(properties, Json);
}
