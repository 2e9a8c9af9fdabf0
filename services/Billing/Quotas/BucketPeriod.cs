namespace Son1kVers3.Billing.Quotas;

/// <summary>The time a bucket is for: from <see cref="Start"/> up to, not including, <see cref="End"/>; UTC.</summary>
/// <param name="Start">Names the bucket, together with member and allowance.</param>
/// <param name="End">When the next bucket begins.</param>
public readonly record struct BucketPeriod(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The UTC day of an instant.</summary>
    public static BucketPeriod UtcDay(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return new BucketPeriod(start, start.AddDays(1));
    }

    /// <summary>The UTC calendar month of an instant.</summary>
    public static BucketPeriod CalendarMonth(DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var start = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new BucketPeriod(start, start.AddMonths(1));
    }

    /// <summary>The month since an anchor that an instant lies in; an anchor on the 31st falls on the last day of short months.</summary>
    /// <remarks>Each boundary is counted from the anchor itself: from the boundary before, February would shorten all later months.</remarks>
    public static BucketPeriod Anniversary(DateTimeOffset anchor, DateTimeOffset now)
    {
        var (from, at) = (anchor.UtcDateTime, now.UtcDateTime);
        var months = Math.Max(0, ((at.Year - from.Year) * 12) + at.Month - from.Month);
        if (months > 0 && anchor.AddMonths(months) > now)
            months--;
        return new BucketPeriod(anchor.AddMonths(months), anchor.AddMonths(months + 1));
    }
}
