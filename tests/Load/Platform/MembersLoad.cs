using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Load.Platform;

/// <summary>
/// Many members at once: each signs up, asks for a track, follows its stream, and reads a page of cards again and again. Tells what was answered, how long reads
/// took, and whether each accepted track was made once. <c>members [origin] [members=1000] [minutes=5]</c>: then the reads are told, and at last the tracks, when all are made.
/// </summary>
internal static class MembersLoad
{
    private const int SignUpsAtATime = 16;
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastTrack = TimeSpan.FromMinutes(60);

    public static async Task RunAsync(string[] args)
    {
        int Argument(int n, int otherwise) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : otherwise;
        var origin = args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin;
        var (count, time) = (Argument(1, 1000), TimeSpan.FromMinutes(Argument(2, 5)));
        var members = new ConcurrentBag<HttpClient>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtATime },
            async (_, _) => members.Add(await PlatformClient.MemberAsync(origin)));
        Console.WriteLine($"{members.Count} members have signed up");

        var seen = new Seen();
        var begun = Stopwatch.GetTimestamp();
        var following = await Task.WhenAll(members.Select((member, number) => LiveAsync(member, number, count, time, seen)));
        var reads = new Percentiles(seen.Reads);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"reads: {reads.Count}, p50 {reads.At(50):0} ms, p99 {reads.At(99):0} ms"));
        Console.WriteLine($"answers: {string.Join(", ", seen.Answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Value} × {a.Key}"))}");
        await Task.WhenAll(following);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"tracks: {seen.Ended.Count} accepted, {seen.Ended.Values.Count(ended => ended == "completed")} made, the last {Stopwatch.GetElapsedTime(begun).TotalMinutes:0.0} minutes after the begin"));
        foreach (var other in seen.Ended.Values.Where(ended => ended != "completed").CountBy(ended => ended))
            Console.WriteLine($"  {other.Value} × {other.Key}");
    }

    /// <summary>Lives for that time; the answer ends with the track that was asked for.</summary>
    private static async Task<Task> LiveAsync(HttpClient member, int number, int count, TimeSpan time, Seen seen)
    {
        var begun = Stopwatch.GetTimestamp();
        // They come one after the other within the first reading pause, as people do.
        await Task.Delay(BetweenReads * number / count);
        var (id, status) = await member.PostTrackAsync(number);
        seen.Count($"POST {(int)status}");
        var following = id is null ? Task.CompletedTask : FollowAsync(member, id, seen);
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await member.GetAsync("/api/community/pool?limit=30");
            await answer.Content.ReadAsByteArrayAsync();
            seen.Reads.Add(Stopwatch.GetElapsedTime(asked));
            seen.Count($"GET {(int)answer.StatusCode}");
            await Task.Delay(BetweenReads);
        }

        return following;
    }

    private static async Task FollowAsync(HttpClient member, string id, Seen seen)
    {
        using var limit = new CancellationTokenSource(LastTrack);
        var last = "";
        while (last is not ("completed" or "failed" or "cancelled"))
        {
            try
            {
                last = await member.FollowAsync(id, cancellationToken: limit.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // A stream that broke is taken up again, as the web app does.
                seen.Count("stream broken");
                await Task.Delay(TimeSpan.FromSeconds(1), limit.Token);
            }
        }

        seen.Ended[id] = last;
    }

    private sealed class Seen
    {
        public ConcurrentBag<TimeSpan> Reads { get; } = [];

        public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, string> Ended { get; } = new(StringComparer.Ordinal);

        public void Count(string answer) => Answers.AddOrUpdate(answer, 1, (_, before) => before + 1);
    }
}
