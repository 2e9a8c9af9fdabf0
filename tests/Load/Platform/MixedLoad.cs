using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Load.Platform;

/// <summary>
/// Everything at once for a while: POSTs that are cancelled, tracks that are made, reads, open streams. Memory, threads and sockets of each process after a third of the time and
/// at its end: what grows between the two is kept. <c>mixed [origin] [minutes=30]</c>: 500 POSTs, 100 tracks, 10,000 reads and 50 streams in half an hour.
/// </summary>
internal static class MixedLoad
{
    private const double PostsPerMinute = 500 / 30.0;
    private const double TracksPerMinute = 100 / 30.0;
    private const double ReadsPerMinute = 10_000 / 30.0;
    private const int Streams = 50;
    private const int StreamsOfAMember = 5;
    private static readonly string[] Pages = ["/api/community/pool?limit=30", "/api/generations?limit=30", "/api/auth/me", "/api/tiers/limits", "/api/notifications", "/api/genres"];

    public static async Task RunAsync(string[] args)
    {
        var origin = args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin;
        var time = TimeSpan.FromMinutes(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 30);
        using var founder = await PlatformClient.FounderAsync(origin);
        using var over = new CancellationTokenSource();
        var watching = new List<Task>();
        for (var n = 0; n < Streams / StreamsOfAMember; n++)
        {
            var member = await PlatformClient.MemberAsync(origin);
            watching.AddRange(Enumerable.Range(0, StreamsOfAMember).Select(_ => WatchAsync(member, over.Token)));
        }

        var load = Task.WhenAll(
            AtAsync(PostsPerMinute, time, async n => await CancelAsync(founder, (await founder.PostTrackAsync(n)).Id)),
            AtAsync(TracksPerMinute, time, async n => await founder.FollowAsync((await founder.PostTrackAsync(n, 30)).Id!)),
            AtAsync(ReadsPerMinute, time, async n => (await founder.GetAsync(Pages[n % Pages.Length])).EnsureSuccessStatusCode().Dispose()));
        await Task.WhenAny(load, Task.Delay(time / 3));
        Console.WriteLine("After a third of the time:");
        MemoryLoad.Print(PlatformProcesses.Read());
        await load;
        Console.WriteLine("At the end:");
        MemoryLoad.Print(PlatformProcesses.Read());
        await over.CancelAsync();
        await Task.WhenAll(watching);
    }

    /// <summary>Does it at this rate, however long each takes; an error ends the command.</summary>
    private static async Task AtAsync(double perMinute, TimeSpan time, Func<int, Task> act)
    {
        var (begun, running) = (Stopwatch.GetTimestamp(), new List<Task>());
        using var pace = new PeriodicTimer(TimeSpan.FromMinutes(1 / perMinute));
        while (Stopwatch.GetElapsedTime(begun) < time && await pace.WaitForNextTickAsync())
            running.Add(act(running.Count));
        await Task.WhenAll(running);
    }

    private static async Task CancelAsync(HttpClient client, string? id) =>
        (await client.PostAsync($"/api/generations/{id ?? throw new InvalidOperationException("A POST was refused.")}/cancel", null)).Dispose();

    private static async Task WatchAsync(HttpClient member, CancellationToken cancellationToken)
    {
        try
        {
            using var events = await member.GetAsync("/api/generations/events", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await (await events.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken)).CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }
}
