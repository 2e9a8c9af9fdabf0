using System.Collections.Concurrent;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Counts in this process alone: what is left of the limits while Redis is away.</summary>
internal sealed class LocalRateLimiter(TimeProvider clock)
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    public RateDecision Decide(string key, RateLimit limit)
    {
        var now = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        if (_counters.Count >= Capacity)
            Forget(now);
        var counter = _counters.GetOrAdd(key, _ => new Counter());
        lock (counter)
            return Gcra.Decide(ref counter.Arrival, now, limit);
    }

    /// <summary>A counter whose time has come says what none says. When all are in use, starting over beats growing without end.</summary>
    private void Forget(long now)
    {
        foreach (var (key, counter) in _counters)
        {
            if (counter.Arrival <= now)
                _counters.TryRemove(key, out _);
        }

        if (_counters.Count >= Capacity)
            _counters.Clear();
    }

    private sealed class Counter
    {
        public long Arrival;
    }
}
