using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using StackExchange.Redis;

namespace Son1kVers3.Generation.Archive;

/// <summary>
/// How far restores are: published to those who watch, and kept for a moment in Redis for those who come later. Both may be lost.
/// </summary>
internal sealed class RestoreProgress(ProgressBus bus, IConnectionMultiplexer redis, ILogger<RestoreProgress> log)
{
    /// <summary>The event's name in the stream.</summary>
    public const string Stage = "restoring";

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    public void Report(Track track, int percent)
    {
        try
        {
            redis.GetDatabase().StringSet(Key(track), percent, Kept, flags: CommandFlags.FireAndForget);
        }
        catch (Exception e) when (ProgressBus.IsAway(e))
        {
            log.LogDebug("A percentage was not kept: {Reason}", e.Message);
        }

        bus.Percent(track, new Percentage(Stage, percent));
    }

    /// <summary>How it ended stands in the database.</summary>
    public void End(Track track) => bus.Stored(track);

    /// <summary>Percent of those tracks that are being restored; 0 where it has not begun or nothing is known.</summary>
    public async Task<IReadOnlyDictionary<Guid, int?>> OfAsync(IReadOnlyList<Track> tracks)
    {
        var wanted = tracks.Where(t => t.RestoreRequestedAt is not null).ToList();
        var percents = wanted.Count == 0 ? [] : await ReadAsync(wanted);
        return wanted.Zip(percents).ToDictionary(p => p.First.Id, p => (int?)p.Second);
    }

    private async Task<IEnumerable<int>> ReadAsync(List<Track> tracks)
    {
        var nothing = Enumerable.Repeat(0, tracks.Count);
        // Else the answer would wait for Redis to come back.
        if (!bus.IsConnected)
            return nothing;
        try
        {
            return (await redis.GetDatabase().StringGetAsync([.. tracks.Select(Key)]))
                .Select(value => value.TryParse(out int percent) ? percent : 0);
        }
        catch (Exception e) when (ProgressBus.IsAway(e))
        {
            log.LogDebug("Percentages were not read: {Reason}", e.Message);
            return nothing;
        }
    }

    /// <summary>Another request's percentage is no business of this one.</summary>
    private static RedisKey Key(Track track) => $"generation:{track.Id:N}:restoring:{track.RestoreRequestedAt?.UtcTicks}";
}
