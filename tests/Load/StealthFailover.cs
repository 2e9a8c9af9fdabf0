using System.Globalization;
using Son1kVers3.Stealth.Tests.Failover;

namespace Son1kVers3.Load;

/// <summary>
/// Two replicas of stealth as processes, and a provider whose accounts answer 429 with each form of Retry-After, 401, 402, 5xx, stall, drop in mid-body and
/// hide errors in a 200: <c>failover [seconds=60] [requests a second=200] [seed=1] [kill]</c>. Goals: 99.9% succeed; failover adds less than 50 ms (p99).
/// </summary>
internal static class StealthFailover
{
    private const double Goal = 0.999;
    private static readonly TimeSpan MostAdded = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(string[] args)
    {
        var numbers = args.Where(a => a != "kill").Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToList();
        var (seconds, rate, seed) = (numbers.ElementAtOrDefault(0) is > 0 and var s ? s : 60, numbers.ElementAtOrDefault(1) is > 0 and var r ? r : 200, numbers.ElementAtOrDefault(2));
        var outcome = await FailoverRun.RunAsync(seconds * rate, rate, seed, args.Contains("kill"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Succeeded} of {outcome.Requests} succeeded ({outcome.Share:0.00%}) {string.Join("; ", outcome.Failures)}"));
        Console.WriteLine($"faults: {string.Join(", ", outcome.Faults.Select(f => $"{f.Key} {f.Value}"))}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"failover added, of {outcome.Gaps.Count}: p50 {outcome.Added(50).TotalMilliseconds:0.0} p90 {outcome.Added(90).TotalMilliseconds:0.0} p99 {outcome.Added(99).TotalMilliseconds:0.0} max {outcome.Added(100).TotalMilliseconds:0.0} ms"));
        if (outcome.Share < Goal || outcome.Added(99) > MostAdded)
            Environment.ExitCode = 1;
    }
}
