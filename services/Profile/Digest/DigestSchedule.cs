using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;

namespace Son1kVers3.Profile.Digest;

/// <summary>The hour of the day at which a member is most often here.</summary>
internal static class BestHour
{
    /// <summary>Of who was never here.</summary>
    public const int Default = 18;

    private const int Hours = 24;

    /// <summary>The hour of most activity by the member's clock; of equal ones the earliest, never a quiet one.</summary>
    public static int Of(IEnumerable<DateTimeOffset> activity, TimeZoneInfo zone, QuietHours? quiet)
    {
        var counts = new int[Hours];
        foreach (var instant in activity)
            counts[instant.In(zone).Hour]++;
        var open = Enumerable.Range(0, Hours).Where(hour => quiet is null || !quiet.Contains(new TimeOnly(hour, 0))).ToList();
        // Quiet all day long but for less than an hour: the end of the quiet is as good as it gets.
        if (open.Count == 0)
            return quiet!.To.Hour;
        var most = open.MaxBy(hour => counts[hour]);
        return counts[most] > 0 ? most : open.MinBy(hour => Math.Abs(hour - Default));
    }

    /// <summary>The first time after now that the member's clock shows this hour, on another day of theirs than the last digest.</summary>
    public static DateTimeOffset Next(int hour, TimeZoneInfo zone, DateTimeOffset now, DateOnly? digestedOn)
    {
        var day = DateOnly.FromDateTime(now.In(zone));
        if (digestedOn is { } last && day <= last)
            day = last.AddDays(1);
        return LocalTime.InstantOf(day.ToDateTime(new TimeOnly(hour, 0)), zone, now)
            ?? LocalTime.InstantOf(day.AddDays(1).ToDateTime(new TimeOnly(hour, 0)), zone, now)
            ?? now.AddDays(1);
    }
}

/// <summary>Finds a member's best hour in what they did: tracks made, things liked, said and read.</summary>
internal sealed class DigestSchedule(ProfileDb db, TimeProvider clock) : IDigestSchedule
{
    private const int MostOfAKind = 200;
    private static readonly TimeSpan Window = TimeSpan.FromDays(60);

    public async Task<DateTimeOffset> NextAsync(NotificationPreferences preferences, CancellationToken cancellationToken)
    {
        var (now, zone) = (clock.GetUtcNow(), LocalTime.Zone(preferences.TimeZone));
        var activity = await ActivityAsync(preferences.AccountId, now - Window, cancellationToken);
        return BestHour.Next(BestHour.Of(activity, zone, preferences.QuietHours), zone, now, preferences.DigestedOn);
    }

    private async Task<List<DateTimeOffset>> ActivityAsync(Guid account, DateTimeOffset since, CancellationToken cancellationToken) => await db.Database.SqlQuery<DateTimeOffset>(
        $"""
        (SELECT completed_at AS "Value" FROM tracks WHERE owner_id = {account} AND listed AND completed_at > {since} ORDER BY completed_at DESC LIMIT {MostOfAKind})
        UNION ALL
        (SELECT changed_at FROM track_likes WHERE account_id = {account} AND liked AND changed_at > {since} ORDER BY changed_at DESC LIMIT {MostOfAKind})
        UNION ALL
        (SELECT created_at FROM comments WHERE author_id = {account} AND created_at > {since} ORDER BY id DESC LIMIT {MostOfAKind})
        UNION ALL
        (SELECT read_at FROM notifications WHERE account_id = {account} AND read_at > {since} ORDER BY position DESC LIMIT {MostOfAKind})
        """).ToListAsync(cancellationToken);
}
