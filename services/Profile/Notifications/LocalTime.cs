namespace Son1kVers3.Profile.Notifications;

/// <summary>Between instants and what a member's clock shows.</summary>
internal static class LocalTime
{
    /// <summary>The time zone of who named none.</summary>
    public const string Default = "Etc/UTC";

    /// <summary>The zone of an IANA name; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>What the clock shows in a zone.</summary>
    public static DateTime In(this DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>
    /// The first instant after <paramref name="after"/> at which the clock shows <paramref name="local"/>; null when that is past. A time that is skipped when
    /// summer time begins is as much later as the clock jumps.
    /// </summary>
    public static DateTimeOffset? InstantOf(DateTime local, TimeZoneInfo zone, DateTimeOffset after)
    {
        if (zone.IsInvalidTime(local))
        {
            var before = zone.GetUtcOffset(local.AddDays(-1));
            var skipped = new DateTimeOffset(local, before).ToUniversalTime();
            return skipped > after ? skipped : null;
        }

        // Twice on the day on which summer time ends.
        var offsets = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local) : [zone.GetUtcOffset(local)];
        return offsets.Select(offset => new DateTimeOffset(local, offset).ToUniversalTime()).Order().Where(instant => instant > after)
            .Select(instant => (DateTimeOffset?)instant).FirstOrDefault();
    }
}

/// <summary>When a member is not to be disturbed, by their own clock; over midnight where it ends before it starts.</summary>
/// <param name="From">The first minute.</param>
/// <param name="To">The first minute after.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>Whether a time of day is within.</summary>
    public bool Contains(TimeOnly time) => time.IsBetween(From, To);

    /// <summary>When the quiet that holds <paramref name="now"/> ends; null when it is not quiet.</summary>
    public DateTimeOffset? EndAfter(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = now.In(zone);
        if (!Contains(TimeOnly.FromDateTime(local)))
            return null;
        var today = local.Date + To.ToTimeSpan();
        return LocalTime.InstantOf(today, zone, now) ?? LocalTime.InstantOf(today.AddDays(1), zone, now);
    }
}
