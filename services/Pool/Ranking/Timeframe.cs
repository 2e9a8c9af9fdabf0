using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Pool.Ranking;

/// <summary>Over which time contributors are ranked.</summary>
internal enum Timeframe
{
    Week,
    Month,
    [JsonStringEnumMemberName("all_time")] AllTime,
}

/// <summary>One week (from Monday), month, or all time, of the UTC calendar.</summary>
/// <param name="StartsOn">Its first day; for all time a fixed one before everything.</param>
internal sealed record RankingPeriod(Timeframe Timeframe, DateOnly StartsOn)
{
    private static readonly DateOnly Beginning = new(1970, 1, 1);

    /// <summary>As the API and the tables call the time frame.</summary>
    public string Name => EnumNames<Timeframe>.Of(Timeframe);

    /// <summary>The day after its last one; null for all time.</summary>
    public DateOnly? EndsOn => Timeframe switch
    {
        Timeframe.Week => StartsOn.AddDays(7),
        Timeframe.Month => StartsOn.AddMonths(1),
        _ => null,
    };

    /// <summary>The period that a day lies in.</summary>
    public static RankingPeriod Of(Timeframe timeframe, DateOnly day) => new(timeframe, timeframe switch
    {
        Timeframe.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        Timeframe.Month => new DateOnly(day.Year, day.Month, 1),
        _ => Beginning,
    });
}
