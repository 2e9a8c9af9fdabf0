namespace Son1kVers3.Load;

/// <summary>Latencies, and what share of them was below what.</summary>
internal sealed class Percentiles(IEnumerable<TimeSpan> latencies)
{
    private readonly double[] _sorted = [.. latencies.Select(l => l.TotalMilliseconds).Order()];

    public int Count => _sorted.Length;

    /// <summary>Milliseconds; nearest rank.</summary>
    public double At(double percent) => _sorted.Length == 0 ? 0 : _sorted[Math.Min(_sorted.Length - 1, (int)Math.Ceiling(percent / 100 * _sorted.Length) - 1)];
}
