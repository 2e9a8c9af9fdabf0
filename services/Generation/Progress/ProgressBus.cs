using System.Collections.Concurrent;
using System.Text.Json;
using Son1kVers3.Generation.Generations;
using StackExchange.Redis;

namespace Son1kVers3.Generation.Progress;

/// <summary>How far a stage is.</summary>
/// <param name="Stage">The event's name in the stream.</param>
/// <param name="Progress">Percent of the whole job; null for what is no part of one.</param>
internal sealed record Percentage(string Stage, int Percent, int? Progress = null)
{
    /// <summary>Of a job's stage.</summary>
    public static Percentage Of(TrackStatus stage, int percent, int progress) => new(stage.ToString().ToLowerInvariant(), percent, progress);
}

/// <summary>Carries progress from the worker to viewers at all replicas. May lose anything: what counts stands in the database.</summary>
/// <remarks>One channel a generation. An empty message says that there is something new in the database; any other is a <see cref="Percentage"/>.</remarks>
internal sealed class ProgressBus(IConnectionMultiplexer redis, TimeProvider clock, ILogger<ProgressBus> log)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<Guid, long> _last = [];

    /// <summary>Whether messages get through now.</summary>
    public bool IsConnected => redis.IsConnected;

    /// <summary>A stored event, or the end of a restoring, was committed.</summary>
    public void Stored(Guid job)
    {
        _last.TryRemove(job, out _);
        Publish(job, "");
    }

    /// <summary>A percentage; those that come too fast for a human eye are dropped.</summary>
    public void Percent(Guid job, Percentage percentage)
    {
        var now = clock.GetTimestamp();
        if (_last.TryGetValue(job, out var last) && clock.GetElapsedTime(last, now) < Pace)
            return;
        _last[job] = now;
        Publish(job, JsonSerializer.Serialize(percentage, JsonSerializerOptions.Web));
    }

    /// <summary>Calls <paramref name="receive"/> with each percentage, and with null for what is new in the database.</summary>
    /// <returns>Ends the subscription.</returns>
    public async Task<Func<Task>> SubscribeAsync(Guid job, Action<Percentage?> receive)
    {
        var channel = Channel(job);
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

    private void Publish(Guid job, string message)
    {
        try
        {
            redis.GetSubscriber().Publish(Channel(job), message, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogDebug("Progress was not told: {Reason}", e.Message);
        }
    }

    internal static bool IsAway(Exception e) => e is RedisException or TimeoutException or ObjectDisposedException;

    private static RedisChannel Channel(Guid job) => new($"generation:{job:N}", RedisChannel.PatternMode.Literal);
}
