using StackExchange.Redis;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Names the life of the Redis server that is spoken to. It is a part of every key.</summary>
/// <remarks>
/// A server that was killed may come back empty, or with what it last wrote to its disk: either has forgotten requests that were made. Its new run id gives
/// all keys new names, so that nothing forgotten is mistaken for unused, and the state is built anew from the database.
/// </remarks>
internal sealed class RedisEpoch
{
    private readonly IConnectionMultiplexer _redis;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile string? _current;

    public RedisEpoch(IConnectionMultiplexer redis)
    {
        _redis = redis;
        redis.ConnectionFailed += (_, failed) => Forget(failed.ConnectionType);
        redis.ConnectionRestored += (_, restored) => Forget(restored.ConnectionType);
    }

    /// <summary>The epoch, asked for again after each break of the connection.</summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    public ValueTask<string> GetAsync() => _current is { } known ? ValueTask.FromResult(known) : new ValueTask<string>(AskAsync());

    private void Forget(ConnectionType connection)
    {
        if (connection == ConnectionType.Interactive)
            _current = null;
    }

    private async Task<string> AskAsync()
    {
        await _asking.WaitAsync();
        try
        {
            if (_current is { } known)
                return known;
            var server = _redis.GetServers().FirstOrDefault(s => s.IsConnected && !s.IsReplica)
                ?? throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "Redis is not connected.");
            // The library's own INFO wants a connection with administrator's rights, for which there is no need.
            var info = (string)(await server.ExecuteAsync("INFO", "server"))!;
            const string Field = "run_id:";
            // Known from now on for as long as the server lives: what nobody waits for can't be refused for want of its script.
            await Task.WhenAll(Scripts.ByStrategy.Values.SelectMany(s => new[] { s.Take, s.Release }).Select(s => server.ScriptLoadAsync(s.Text)));
            return _current = info.Substring(info.IndexOf(Field, StringComparison.Ordinal) + Field.Length, 12);
        }
        finally
        {
            _asking.Release();
        }
    }
}
