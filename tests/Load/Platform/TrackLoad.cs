using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Load.Platform;

/// <summary>A 60 s track three times on a platform that runs already: seconds after the POST at which each stage was heard of. <c>track [origin]</c>.</summary>
internal static class TrackLoad
{
    private const int Rounds = 3;

    public static async Task RunAsync(string[] args)
    {
        using var founder = await PlatformClient.FounderAsync(args.ElementAtOrDefault(0) ?? PlatformClient.DefaultOrigin);
        for (var round = 1; round <= Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            var (id, status) = await founder.PostTrackAsync(round, 60);
            var stages = new List<string>();
            await founder.FollowAsync(
                id ?? throw new InvalidOperationException($"POST: {status}"),
                stage => stages.Add(string.Create(CultureInfo.InvariantCulture, $"{stage} {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0}")));
            Console.WriteLine($"60 s track, seconds after POST: {string.Join(", ", stages)}");
        }
    }
}
