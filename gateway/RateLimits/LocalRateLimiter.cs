namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Counts in this process alone: what is left of the limits while Redis is away.</summary>
internal sealed class LocalRateLimiter
{
    // A counter whose time has come says what none says.
    private readonly CallerTable<Counter> _counters = new((counter, now) => counter.Arrival <= now);

    public RateDecision Decide(string key, long now, RateLimit limit)
    {
        var counter = _counters.Of(key, now);
        lock (counter)
            return Gcra.Decide(ref counter.Arrival, now, limit);
    }

    private sealed class Counter
    {
        public long Arrival;
    }
}
