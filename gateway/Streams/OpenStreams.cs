using System.Collections.Concurrent;
using Son1kVers3.Gateway.Redis;
using Son1kVers3.ServiceDefaults.Workers;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.Streams;

/// <summary>Counts the open event streams of each member, over all gateways.</summary>
/// <remarks>
/// A slot in Redis expires a minute after it was last kept, so that a gateway that dies leaves none behind for long. Without Redis each gateway counts its own.
/// </remarks>
internal sealed class OpenStreams(IConnectionMultiplexer redis, TimeProvider clock, ILogger<OpenStreams> log) : PeriodicWorker(TimeSpan.FromSeconds(20), clock, log)
{
    /// <summary>How many a member may have open.</summary>
    public const int Most = 8;

    private static readonly TimeSpan SlotTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly string Script = LuaScripts.Read("Streams.streams.lua");

    private readonly ConcurrentDictionary<Guid, string> _own = [];

    /// <summary>Opens a stream of a member; null when it would be one too many. Dispose it when the stream ends.</summary>
    public async Task<IAsyncDisposable?> OpenAsync(string member)
    {
        var id = Guid.NewGuid();
        if (!await KeepAsync(id, member))
            return null;
        _own[id] = member;
        return new Slot(this, id, member);
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_own.Select(stream => KeepAsync(stream.Key, stream.Value)));

    private static RedisKey KeyOf(string member) => $"gateway:streams:{member}";

    private async Task<bool> KeepAsync(Guid id, string member)
    {
        try
        {
            var answer = await redis.GetDatabase()
                .ScriptEvaluateAsync(Script, [KeyOf(member)], [id.ToString(), (long)SlotTime.TotalMilliseconds, Most]).WaitAsync(Timeout, Clock);
            return (long)answer == 1;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return _own.ContainsKey(id) || _own.Values.Count(owner => owner == member) < Most;
        }
    }

    private async Task CloseAsync(Guid id, string member)
    {
        _own.TryRemove(id, out _);
        try
        {
            await redis.GetDatabase().SortedSetRemoveAsync(KeyOf(member), id.ToString()).WaitAsync(Timeout, Clock);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Log.LogDebug("The slot of an ended stream runs out by itself: {Reason}", e.Message);
        }
    }

    private sealed class Slot(OpenStreams streams, Guid id, string member) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(streams.CloseAsync(id, member));
    }
}
