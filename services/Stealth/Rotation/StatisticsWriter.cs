using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Counts what was done, and brings it to the statistics that all replicas share, once a second.</summary>
/// <remarks>Statistics may be lost: a replica that is killed takes its last second with it.</remarks>
internal sealed class StatisticsWriter(RotationStore rotation, TimeProvider clock, ILogger<StatisticsWriter> log) : PeriodicWorker(TimeSpan.FromSeconds(1), clock, log)
{
    private static readonly TimeSpan HourLife = TimeSpan.FromHours(25);
    private static readonly TimeSpan MinuteLife = TimeSpan.FromMinutes(5);
    private ConcurrentDictionary<TallyKey, Tally> _tallies = new();

    public void Add(Finished done)
    {
        var minute = Clock.GetUtcNow().ToUnixTimeMilliseconds() / 60_000;
        Add(new TallyKey(done.Provider, done.Account, false, minute), done);
        if (done.Proxy is { } proxy)
            Add(new TallyKey(done.Provider, proxy, true, minute), done);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var tallies = Interlocked.Exchange(ref _tallies, new());
        try
        {
            foreach (var provider in tallies.GroupBy(t => t.Key.Provider))
                await rotation.AddAsync(provider.Key, [.. provider.SelectMany(t => CountsOf(t.Key, t.Value))]);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            Log.LogInformation("Statistics of a second are lost: {Reason}", e.Message);
        }
    }

    private static IEnumerable<(string Key, string Field, long Count, TimeSpan Life)> CountsOf(TallyKey key, Tally tally)
    {
        var subject = RotationStore.Id(key.Subject);
        foreach (var (field, count) in tally.Fields())
        {
            yield return ($"th:{subject}:{key.Minute / 60}", field, count, HourLife);
            if (!key.IsProxy)
                yield return ($"tm:{subject}:{key.Minute}", field, count, MinuteLife);
        }
    }

    private void Add(TallyKey key, Finished done) => _tallies.GetOrAdd(key, _ => new Tally()).Add(done);

    private readonly record struct TallyKey(string Provider, Guid Subject, bool IsProxy, long Minute);
}

/// <summary>What was done with one account or proxy since the statistics were last written.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _errors = [];
    private readonly Dictionary<int, long> _latencies = [];
    private long _requests;
    private long _milliseconds;
    private long _cents;

    public void Add(Finished done)
    {
        var milliseconds = Math.Max(1, done.Duration.TotalMilliseconds);
        // Bucket k holds what took at most 2^(k/4) ms.
        var bucket = (int)Math.Ceiling(Math.Log2(milliseconds) * 4);
        lock (_lock)
        {
            _requests++;
            _milliseconds += (long)milliseconds;
            _cents += done.CostCents;
            _latencies[bucket] = _latencies.GetValueOrDefault(bucket) + 1;
            if (done.Outcome != Finished.Ok)
                _errors[done.Outcome] = _errors.GetValueOrDefault(done.Outcome) + 1;
        }
    }

    /// <summary>As <see cref="Statistics.Of"/> reads them.</summary>
    public IReadOnlyList<(string Field, long Count)> Fields()
    {
        lock (_lock)
        {
            return
            [
                ("n", _requests), ("ms", _milliseconds), .. _latencies.Select(l => ($"l{l.Key}", l.Value)), .. _errors.Select(e => ($"e:{e.Key}", e.Value)),
                ..(_cents > 0 ? new[] { ("cents", _cents) } : []),
            ];
        }
    }
}
