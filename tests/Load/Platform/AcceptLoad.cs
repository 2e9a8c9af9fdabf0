using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Son1kVers3.Load.Platform;

/// <summary>
/// POSTs at 50 a second while the workers render: latencies, refusals, and what one costs the answering process in CPU. Run right after <c>/health</c> said
/// ready it is the first load of a start. <c>accept [origin] [seconds=10]</c>. Cancels what it has asked for.
/// </summary>
internal static class AcceptLoad
{
    private const int PostsPerSecond = 50;
    private const string Answering = "Generation";

    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        using var founder = await PlatformClient.FounderAsync(args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin);
        var before = PlatformProcesses.CpuOf(Answering);
        var posting = new List<Task<(string? Id, HttpStatusCode Status, TimeSpan Took)>>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PostsPerSecond));
        for (var i = 0; i < PostsPerSecond * seconds && await pace.WaitForNextTickAsync(); i++)
            posting.Add(PostAsync(founder, i));
        var answers = await Task.WhenAll(posting);
        var spent = PlatformProcesses.CpuOf(Answering) - before;
        var latencies = new Percentiles(answers.Where(a => a.Status == HttpStatusCode.Accepted).Select(a => a.Took));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"POST /api/generations at {PostsPerSecond}/s for {seconds} s: {latencies.Count} of {answers.Length} accepted, p50 {latencies.At(50):0.0} ms, p99 {latencies.At(99):0.0} ms, {spent.TotalMilliseconds / answers.Length:0.0} CPU-ms each in {Answering}"));
        foreach (var other in answers.Where(a => a.Status != HttpStatusCode.Accepted).CountBy(a => a.Status))
            Console.WriteLine($"  {other.Value} × {(int)other.Key}");
        await Parallel.ForEachAsync(answers.Select(a => a.Id).OfType<string>(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (id, cancellationToken) => (await founder.PostAsync($"/api/generations/{id}/cancel", null, cancellationToken)).Dispose());
    }

    private static async Task<(string? Id, HttpStatusCode Status, TimeSpan Took)> PostAsync(HttpClient client, int number)
    {
        var begun = Stopwatch.GetTimestamp();
        var (id, status) = await client.PostTrackAsync(number);
        return (id, status, Stopwatch.GetElapsedTime(begun));
    }
}
