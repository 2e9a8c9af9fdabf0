namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>
/// Period boundaries. The n-th boundary is counted from the anchor itself, not from the boundary before it, so that an anchor on
/// the 31st falls on the last day of short months and returns to the 31st afterwards.
/// </summary>
internal static class BillingCalendar
{
    /// <summary>The n-th boundary after the anchor, in Unix seconds.</summary>
    public static long Boundary(long anchor, string interval, int intervalCount, int n)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(anchor);
        var steps = intervalCount * n;
        return (interval switch
        {
            "day" => start.AddDays(steps),
            "week" => start.AddDays(7 * steps),
            "month" => start.AddMonths(steps),
            "year" => start.AddYears(steps),
            _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "day, week, month or year"),
        }).ToUnixTimeSeconds();
    }

    /// <summary>The first boundary later than <paramref name="instant"/>.</summary>
    public static long Next(long anchor, string interval, int intervalCount, long instant)
    {
        var n = 1;
        while (Boundary(anchor, interval, intervalCount, n) <= instant)
        {
            n++;
        }

        return Boundary(anchor, interval, intervalCount, n);
    }
}
