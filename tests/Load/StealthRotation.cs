extern alias stealth;
using System.Diagnostics;
using System.Globalization;
using Son1kVers3.Stealth.Tests.Simulation;

namespace Son1kVers3.Load;

/// <summary>
/// The whole simulation of the rotation: every strategy, 100 seeds, 100,000 requests each, on 10 accounts of mixed limits and faults, three replicas of
/// which some die, and a Redis that forgets. <c>rotation [seeds=100] [requests=100000]</c>.
/// </summary>
internal static class StealthRotation
{
    public static Task RunAsync(string[] args)
    {
        var seeds = args is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 100;
        var requests = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 100_000;
        foreach (var strategy in Campaign.Strategies)
        {
            var begun = Stopwatch.GetTimestamp();
            var runs = Enumerable.Range(0, seeds).AsParallel().Select(seed => Campaign.Mixed(strategy, requests, seed)).ToList();
            var fair = strategy == stealth::Son1kVers3.Stealth.Fleet.Strategy.StickyByUser
                ? "sticky" : string.Create(CultureInfo.InvariantCulture, $"{Campaign.Unfairness(strategy, requests, 7):0.0}% from ideal at most");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{strategy,-12} {seeds} seeds: {runs.Sum(r => (long)r.Succeeded)} succeeded, {runs.Sum(r => (long)r.Refused)} refused for want of capacity, {runs.Sum(r => (long)r.WithReplica)} died with their replica, {runs.Sum(r => (long)r.Attempts)} attempts; no limit exceeded, none lost, every account came back; shares {fair}; {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s"));
        }

        return Task.CompletedTask;
    }
}
