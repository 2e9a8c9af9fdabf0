using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Badges;

/// <summary>What a member is honoured for, once.</summary>
[JsonConverter(typeof(NamedEnumConverter<Badge>))]
internal enum Badge
{
    [JsonStringEnumMemberName("first-track")] FirstTrack,
    [JsonStringEnumMemberName("ten-tracks")] TenTracks,
    [JsonStringEnumMemberName("hundred-tracks")] HundredTracks,
    [JsonStringEnumMemberName("week-streak")] WeekStreak,
    [JsonStringEnumMemberName("first-contribution")] FirstContribution,
    [JsonStringEnumMemberName("ranking-leader")] RankingLeader,
    [JsonStringEnumMemberName("top-ten")] TopTen,
    [JsonStringEnumMemberName("challenge-winner")] ChallengeWinner,
}

/// <summary>A badge that a member has.</summary>
internal sealed class AwardedBadge
{
    public Guid AccountId { get; init; }
    public Badge Badge { get; init; }
    public DateTimeOffset AwardedAt { get; init; }
}

/// <summary>A UTC day on which a member made a track.</summary>
internal sealed class ActiveDay
{
    public Guid AccountId { get; init; }
    public DateOnly Day { get; init; }
}

internal sealed class BadgeTables : IEntityTypeConfiguration<AwardedBadge>, IEntityTypeConfiguration<ActiveDay>
{
    public void Configure(EntityTypeBuilder<AwardedBadge> table)
    {
        table.ToTable("badges").HasKey(b => new { b.AccountId, b.Badge });
        table.Property(b => b.Badge).HasConversion<string>();
    }

    public void Configure(EntityTypeBuilder<ActiveDay> table) => table.ToTable("active_days").HasKey(d => new { d.AccountId, d.Day });
}

/// <summary>Days in a row.</summary>
internal static class Streaks
{
    public const int Week = 7;

    /// <summary>The longest run of days in a row, in whatever order they are given.</summary>
    public static int Longest(IEnumerable<DateOnly> days)
    {
        var (longest, run, last) = (0, 0, DateOnly.MinValue);
        foreach (var day in days.Distinct().Order())
        {
            run = run > 0 && day == last.AddDays(1) ? run + 1 : 1;
            (longest, last) = (Math.Max(longest, run), day);
        }

        return longest;
    }

    /// <summary>The run that goes on: it ends today or, as long as today has not passed, yesterday.</summary>
    public static int Current(IEnumerable<DateOnly> days, DateOnly today)
    {
        var known = days.ToHashSet();
        var day = known.Contains(today) ? today : today.AddDays(-1);
        var run = 0;
        for (; known.Contains(day); day = day.AddDays(-1))
            run++;
        return run;
    }
}
