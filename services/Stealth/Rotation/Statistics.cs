using System.Globalization;
using Son1kVers3.Stealth.Fleet;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>What was done in a span of time.</summary>
/// <param name="Errors">By class.</param>
/// <param name="Latencies">Requests by <c>k</c>: at most 2^(k/4) ms.</param>
internal sealed record Statistics(long Requests, IReadOnlyDictionary<string, long> Errors, long TotalMilliseconds, IReadOnlyDictionary<int, long> Latencies, long Cents)
{
    public static readonly Statistics None = new(0, new Dictionary<string, long>(), 0, new Dictionary<int, long>(), 0);

    public double MeanMilliseconds => Requests == 0 ? 0 : (double)TotalMilliseconds / Requests;

    /// <summary>Reads hashes as <see cref="StatisticsWriter"/> writes them, and adds them up.</summary>
    public static Statistics Of(IEnumerable<HashEntry[]> hashes)
    {
        var sums = hashes.SelectMany(h => h).GroupBy(e => (string)e.Name!).ToDictionary(g => g.Key, g => g.Sum(e => (long)e.Value));
        return new Statistics(
            sums.GetValueOrDefault("n"),
            sums.Where(s => s.Key.StartsWith("e:", StringComparison.Ordinal)).ToDictionary(s => s.Key[2..], s => s.Value),
            sums.GetValueOrDefault("ms"),
            sums.Where(s => s.Key[0] == 'l').ToDictionary(s => int.Parse(s.Key[1..], CultureInfo.InvariantCulture), s => s.Value),
            sums.GetValueOrDefault("cents"));
    }

    /// <summary>Both together.</summary>
    public Statistics Plus(Statistics other) => new(
        Requests + other.Requests, Add(Errors, other.Errors), TotalMilliseconds + other.TotalMilliseconds, Add(Latencies, other.Latencies), Cents + other.Cents);

    /// <summary>Milliseconds that this share of the requests took at most, to 19% (nearest rank); null without requests.</summary>
    public double? Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Latencies.Values.Sum() * percent / 100);
        foreach (var (bucket, count) in Latencies.OrderBy(l => l.Key))
        {
            rank -= count;
            if (rank <= 0)
                return Math.Round(Math.Pow(2, bucket / 4.0), 1);
        }

        return null;
    }

    private static Dictionary<TKey, long> Add<TKey>(IReadOnlyDictionary<TKey, long> one, IReadOnlyDictionary<TKey, long> other)
        where TKey : notnull => one.Concat(other).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Sum(e => e.Value));
}

/// <summary>Reads the statistics that all replicas write together.</summary>
internal sealed class StatisticsReader(RotationStore rotation, TimeProvider clock)
{
    /// <summary>Of each account, over the last minutes.</summary>
    public Task<IReadOnlyDictionary<Guid, Statistics>> MinutesAsync(ProviderFleet provider, int minutes)
    {
        var last = clock.GetUtcNow().ToUnixTimeMilliseconds() / 60_000;
        return ReadAsync(provider.Settings.Name, [.. provider.Accounts.Select(a => a.Id)], "tm", last, minutes);
    }

    /// <summary>Of accounts or proxies, over the last hours (24 at most).</summary>
    public Task<IReadOnlyDictionary<Guid, Statistics>> HoursAsync(string provider, IReadOnlyList<Guid> subjects, int hours) =>
        ReadAsync(provider, subjects, "th", UsageLedger.HourOf(clock.GetUtcNow()), hours);

    private async Task<IReadOnlyDictionary<Guid, Statistics>> ReadAsync(string provider, IReadOnlyList<Guid> subjects, string kind, long last, int count)
    {
        var keys = subjects.SelectMany(s => Enumerable.Range(0, count).Select(i => $"{kind}:{RotationStore.Id(s)}:{last - i}"));
        var hashes = await rotation.ReadAsync(provider, keys);
        return subjects.Select((subject, i) => (subject, Statistics.Of(hashes.Skip(i * count).Take(count)))).ToDictionary(s => s.subject, s => s.Item2);
    }
}
