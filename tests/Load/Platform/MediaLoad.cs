using System.Globalization;
using System.Net.Http.Json;

namespace Son1kVers3.Load.Platform;

/// <summary>
/// The sound of a public track through gateway and generation beside nginx with the same file: the whole MP3, and a range of 64 kB.
/// <c>media [origin] [seconds=5] [rounds=3]</c>; needs nginx and wrk. Nothing else should run on the machine.
/// </summary>
internal static class MediaLoad
{
    private const string Range = "Range: bytes=65536-131071";

    public static async Task RunAsync(string[] args)
    {
        int Argument(int n, int otherwise) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : otherwise;
        var (seconds, rounds) = (Argument(1, 5), Argument(2, 3));
        var origin = args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin;
        using var founder = await PlatformClient.FounderAsync(origin);
        var (id, status) = await founder.PostTrackAsync(1, 60);
        if (id is null || await founder.FollowAsync(id) != "completed")
            throw new InvalidOperationException($"The track was not made: {status}");
        (await founder.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" })).EnsureSuccessStatusCode();
        var url = $"{origin}/api/generations/{id}/audio?format=mp3";
        using var anonymous = PlatformClient.Anonymous(origin);
        var folder = Directory.CreateTempSubdirectory("media-").FullName;
        await File.WriteAllBytesAsync($"{folder}/track.mp3", await anonymous.GetByteArrayAsync(url));

        using var children = new Children();
        var nginx = $"{Nginx.Start(children, $"root {folder};")}/track.mp3";
        await Children.WaitAsync(nginx);
        Console.WriteLine("| GET | ours, req/s | nginx, req/s | ratio |\n|---|--:|--:|--:|");
        foreach (var (what, headers) in new (string, string[])[] { ("whole MP3 of 60 s", []), ("range of 64 kB", [Range]) })
        {
            var (ours, theirs) = (new List<double>(), new List<double>());
            await Wrk.RequestsPerSecondAsync(url, 2, headers);
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(await Wrk.RequestsPerSecondAsync(url, seconds, headers));
                theirs.Add(await Wrk.RequestsPerSecondAsync(nginx, seconds, headers));
            }

            var (median, beside) = (ours.Order().ElementAt(rounds / 2), theirs.Order().ElementAt(rounds / 2));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {median:0} | {beside:0} | {median / beside:0.00} |"));
        }
    }
}
