using System.Collections.Concurrent;
using System.Text.Json;
using Son1kVers3.Generation.Tracks;
using StackExchange.Redis;

namespace Son1kVers3.Generation.Progress;

/// <summary>How far a stage is.</summary>
/// <param name="Stage">The event's name in the stream.</param>
/// <param name="Progress">Percent of the whole job; null for what is no part of one.</param>
internal sealed record Percentage(string Stage, int Percent, int? Progress = null)
{
    /// <summary>Whose it is; told in the stream of all of a member's jobs.</summary>
    public Guid? Track { get; init; }

    /// <summary>Of a job's stage.</summary>
    public static Percentage Of(TrackStatus stage, int percent, int progress) =>
        new(stage.ToString().ToLowerInvariant(), percent, progress);
}

/// <summary>Carries progress from the worker to viewers at all replicas. May lose anything: what counts stands in the database.</summary>
/// <remarks>
/// One channel a track, and one a member for those who follow all of theirs. An empty message says that there is something new in the
/// database;
/// any other is a <see cref="Percentage"/>.
/// </remarks>
internal sealed class ProgressBus(IConnectionMultiplexer redis, TimeProvider clock, ILogger<ProgressBus> log)
{
    /// <summary>Faster than this no human eye follows.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<Guid, long> _last = [];

    /// <summary>Whether messages get through now.</summary>
    public bool IsConnected => redis.IsConnected;

    /// <summary>A stored event, or the end of a restore, was committed.</summary>
    public void Stored(Track track)
    {
        _last.TryRemove(track.Id, out _);
        Publish(TrackChannel(track.Id), "");
        Publish(MemberChannel(track.UserId), "");
    }

    /// <summary>A percentage; those that come too fast are dropped.</summary>
    public void Percent(Track track, Percentage percentage)
    {
        var now = clock.GetTimestamp();
        if (_last.TryGetValue(track.Id, out var last) && clock.GetElapsedTime(last, now) < Interval)
            return;
        _last[track.Id] = now;
        Publish(TrackChannel(track.Id), JsonSerializer.Serialize(percentage, JsonSerializerOptions.Web));
        if (percentage.Progress is not null)
            Publish(MemberChannel(track.UserId), JsonSerializer.Serialize(percentage with { Track = track.Id }, JsonSerializerOptions.Web));
    }

    /// <summary>Calls <paramref name="receive"/> with each percentage of a track, and with null for what is new in the database.</summary>
    /// <returns>Ends the subscription.</returns>
    public Task<Func<Task>> SubscribeTrackAsync(Guid track, Action<Percentage?> receive) => SubscribeAsync(TrackChannel(track), receive);

    /// <summary>The same for all jobs of a member.</summary>
    public Task<Func<Task>> SubscribeMemberAsync(Guid member, Action<Percentage?> receive) =>
        SubscribeAsync(MemberChannel(member), receive);

    private async Task<Func<Task>> SubscribeAsync(RedisChannel channel, Action<Percentage?> receive)
    {
        Action<RedisChannel, RedisValue> handler = (_, message) =>
            receive(message.IsNullOrEmpty ? null : JsonSerializer.Deserialize<Percentage>((string)message!, JsonSerializerOptions.Web));
        try
        {
            await redis.GetSubscriber().SubscribeAsync(channel, handler);
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogInformation("Redis is away, viewers poll: {Reason}", e.Message);
        }

        return async () =>
        {
            try
            {
                await redis.GetSubscriber().UnsubscribeAsync(channel, handler);
            }
            catch (Exception e) when (IsAway(e))
            {
                log.LogDebug("Not unsubscribed: {Reason}", e.Message);
            }
        };
    }

    private void Publish(RedisChannel channel, string message)
    {
        try
        {
            redis.GetSubscriber().Publish(channel, message, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogDebug("Progress was not published: {Reason}", e.Message);
        }
    }

    internal static bool IsAway(Exception e) => e is RedisException or TimeoutException or ObjectDisposedException;

    private static RedisChannel TrackChannel(Guid track) => new($"generation:{track:N}", RedisChannel.PatternMode.Literal);

    private static RedisChannel MemberChannel(Guid member) => new($"generation:member:{member:N}", RedisChannel.PatternMode.Literal);
}
