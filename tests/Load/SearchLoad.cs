extern alias profile;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>Search as it is typed, among a million documents while tracks are written beside it: how long an answer takes, and how PostgreSQL gets at it.</summary>
internal static class SearchLoad
{
    private const int Callers = 4;
    private const int WritesPerSecond = 50;
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 20;
        var documents = args is [_, var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 1_000_000;
        await using var service = await ServiceHost<profile::Program>.StartAsync("profile");
        await using var database = NpgsqlDataSource.Create(service.Database + ";Command Timeout=1800");
        var seed = new SearchSeed(documents);
        var begun = Stopwatch.GetTimestamp();
        await seed.FillAsync(database);
        var titles = await seed.TitlesAsync(database);
        Console.WriteLine($"{documents} documents, seeded in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s; {Callers} callers, {WritesPerSecond} writes/s beside them");
        using var over = new CancellationTokenSource();
        var writing = WriteAsync(seed, database, over.Token);
        await MeasureAsync("as it is typed", seconds, service, () => Typed(Pick(titles)));
        await MeasureAsync("misspelled", seconds, service, () => Misspelled(Pick(titles)));
        await MeasureAsync("typed, of a genre", seconds, service, () => $"{Typed(Pick(titles))}&genre=genre-{Random.Shared.Next(30)}&bpmMin=90&bpmMax=120");
        await MeasureAsync("newest of a genre", seconds, service, () => $"genre=genre-{Random.Shared.Next(30)}");
        var ids = await seed.IdsAsync(database);
        await MeasureAsync("similar", seconds, service, () => $"similarTo={ids[Random.Shared.Next(ids.Count)]}");
        await over.CancelAsync();
        Console.WriteLine($"  {await writing} writes");
    }

    private static string Pick(IReadOnlyList<string> titles) => titles[Random.Shared.Next(titles.Count)];

    private static string Typed(string title) => $"q={Uri.EscapeDataString(title[..Random.Shared.Next(1, title.Length + 1)])}";

    private static string Misspelled(string title)
    {
        var at = Random.Shared.Next(1, title.Length - 1);
        return $"q={Uri.EscapeDataString(title.Remove(at, 1))}";
    }

    /// <summary>Each write is a new track, or a change of one that is there, in a transaction of its own.</summary>
    private static async Task<int> WriteAsync(SearchSeed seed, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / WritesPerSecond));
        var writes = 0;
        while (await TicksAsync(timer, cancellationToken))
            await seed.WriteAsync(database, ++writes);
        return writes;
    }

    private static async Task<bool> TicksAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task MeasureAsync(string what, int seconds, ServiceHost<profile::Program> service, Func<string> query)
    {
        await AskAsync(3);
        var (times, failures) = await AskAsync(seconds);
        Console.WriteLine(
            $"  {what,-20} {times.Count / (double)seconds,5:F0}/s   p50 {times.At(50),6:F1} ms   p95 {times.At(95),6:F1} ms   p99 {times.At(99),6:F1} ms   max {times.At(100),6:F1} ms   {failures} failed");

        async Task<(Percentiles, int)> AskAsync(int duration)
        {
            var (latencies, failed, begun) = (new ConcurrentBag<TimeSpan>(), 0, Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
            {
                using var client = service.Client();
                while (Stopwatch.GetElapsedTime(begun).TotalSeconds < duration)
                {
                    var asked = Stopwatch.GetTimestamp();
                    using var answer = await client.GetAsync($"/api/search?{query()}");
                    await answer.Content.ReadAsByteArrayAsync();
                    latencies.Add(Stopwatch.GetElapsedTime(asked));
                    if (!answer.IsSuccessStatusCode)
                        Interlocked.Increment(ref failed);
                    // People type: who asks again at once measures the queue, not the search.
                    await Task.Delay(BetweenKeys);
                }
            }));
            return (new Percentiles(latencies), failed);
        }
    }
}
