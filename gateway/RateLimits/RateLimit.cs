namespace Son1kVers3.Gateway.RateLimits;

/// <summary>So many requests a minute, and so many of them at once.</summary>
/// <param name="Name">Names the policy in the headers and in the counter's key.</param>
/// <param name="PerMinute">How many a minute are given back, evenly.</param>
/// <param name="Burst">How many can be used at once after a rest.</param>
internal sealed record RateLimit(string Name, int PerMinute, int Burst)
{
    /// <summary>The window that the headers speak of.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>As many at once as a minute gives.</summary>
    public RateLimit(string name, int perMinute)
        : this(name, perMinute, perMinute)
    {
    }

    /// <summary>The time that one request takes of the budget, in microseconds.</summary>
    public long Interval => Math.Max(1, (long)(Window.TotalMicroseconds / PerMinute));

    /// <summary>The same limit, that many times as wide; never below one.</summary>
    public RateLimit Times(double scale) =>
        this with { PerMinute = (int)Math.Max(1, Math.Round(PerMinute * scale)), Burst = (int)Math.Max(1, Math.Round(Burst * scale)) };
}

/// <summary>What a counter said to one request.</summary>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="Remaining">How many more may follow at once.</param>
/// <param name="RetryAfter">Until the next one is allowed; zero when this one was.</param>
/// <param name="Reset">Until the whole burst is there again.</param>
internal readonly record struct RateDecision(bool Allowed, long Remaining, TimeSpan RetryAfter, TimeSpan Reset);

/// <summary>The generic cell rate algorithm, as the Lua script beside it has it: a leaky bucket that keeps a single number.</summary>
/// <remarks>
/// The number is the theoretical arrival time (TAT): when a caller that always kept to the rate would send the next request. A request is
/// allowed while the TAT is at most a burst ahead of now (ITU-T I.371, annex A).
/// </remarks>
internal static class Gcra
{
    /// <summary>Decides one request.</summary>
    /// <param name="arrival">The stored TAT in microseconds, 0 when there is none; moved on when the request is allowed.</param>
    /// <param name="now">In microseconds.</param>
    /// <param name="limit">The rate and burst.</param>
    public static RateDecision Decide(ref long arrival, long now, RateLimit limit)
    {
        var tolerance = limit.Interval * limit.Burst;
        var start = Math.Max(arrival, now);
        var next = start + limit.Interval;
        if (next - tolerance > now)
            return Decision(false, 0, next - tolerance - now, start - now);
        arrival = next;
        return Decision(true, (tolerance - (next - now)) / limit.Interval, 0, next - now);
    }

    /// <summary>From the script's four numbers.</summary>
    public static RateDecision Decision(bool allowed, long remaining, long retryAfter, long reset) =>
        new(allowed, remaining, TimeSpan.FromMicroseconds(retryAfter), TimeSpan.FromMicroseconds(reset));
}
