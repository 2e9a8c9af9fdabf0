using System.Collections.Concurrent;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>What is known of each caller, of so many at most.</summary>
/// <param name="isOver">Whether an entry, at a time, says no more than none does.</param>
internal sealed class CallerTable<T>(Func<T, long, bool> isOver)
    where T : class, new()
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<string, T> _entries = new(StringComparer.Ordinal);
    private int _count;

    public T Of(string key, long now)
    {
        if (_entries.TryGetValue(key, out var known))
            return known;
        if (Interlocked.Increment(ref _count) > Capacity)
            Forget(now);
        return _entries.GetOrAdd(key, _ => new T());
    }

    /// <summary>When all are in use, starting over beats growing without end.</summary>
    private void Forget(long now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (isOver(entry, now))
                _entries.TryRemove(key, out _);
        }

        if (_entries.Count >= Capacity * 9 / 10)
            _entries.Clear();
        Volatile.Write(ref _count, _entries.Count);
    }
}
