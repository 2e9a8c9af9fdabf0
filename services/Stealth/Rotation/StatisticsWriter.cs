using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Counts what was done, and brings it to the statistics that all replicas share, once a second.</summary>
/// <remarks>Statistics may be lost: a replica that is killed takes its last second with it.</remarks>
internal sealed class StatisticsWriter(RotationStore rotation, TimeProvider clock, ILogger<StatisticsWriter> log) : PeriodicWorker(TimeSpan.FromSeconds(1), clock, log)
{
    private static readonly TimeSpan HourLife = TimeSpan.FromHours(25);
    private static readonly TimeSpan MinuteLife = TimeSpan.FromMinutes(5);
    private ConcurrentDictionary<(string Provider, string Key, string Field), long> _counts = new();

    public void Add(Finished done)
    {
        var now = Clock.GetUtcNow();
        var (hour, minute) = (UsageLedger.HourOf(now), now.ToUnixTimeMilliseconds() / 60_000);
        Add(done, $"th:{RotationStore.Id(done.Account)}:{hour}");
        Add(done, $"tm:{RotationStore.Id(done.Account)}:{minute}");
        if (done.Proxy is { } proxy)
            Add(done, $"th:{RotationStore.Id(proxy)}:{hour}");
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var counts = Interlocked.Exchange(ref _counts, new());
        try
        {
            foreach (var provider in counts.GroupBy(c => c.Key.Provider))
                await rotation.AddAsync(provider.Key, [.. provider.Select(c => (c.Key.Key, c.Key.Field, c.Value, c.Key.Key.StartsWith("th", StringComparison.Ordinal) ? HourLife : MinuteLife))]);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            Log.LogInformation("Statistics of a second are lost: {Reason}", e.Message);
        }
    }

    private void Add(Finished done, string key)
    {
        var milliseconds = Math.Max(1, done.Duration.TotalMilliseconds);
        Count("n", 1);
        Count("ms", (long)milliseconds);
        // Bucket k holds what took at most 2^(k/4) ms.
        Count($"l{(int)Math.Ceiling(Math.Log2(milliseconds) * 4)}", 1);
        if (done.Outcome != Finished.Ok)
            Count($"e:{done.Outcome}", 1);
        if (done.CostCents > 0)
            Count("cents", done.CostCents);

        void Count(string field, long count) => _counts.AddOrUpdate((done.Provider, key, field), count, (_, before) => before + count);
    }
}
