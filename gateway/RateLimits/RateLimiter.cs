using Son1kVers3.Gateway.Redis;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Counts requests in Redis, so that all gateways count together; one round trip each.</summary>
/// <remarks>
/// Without Redis nobody is locked out and nobody goes unlimited: each gateway counts by itself until Redis answers again, so that
/// n gateways together allow up to n times the limit. Redis is asked again every two seconds.
/// </remarks>
internal sealed class RateLimiter(IConnectionMultiplexer redis, TimeProvider clock, ILogger<RateLimiter> log)
{
    private const string KeyPrefix = "gateway:rate:";
    // A broken connection is told at once; this is for a Redis that hangs. A busy machine alone must not make gateways count apart.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly string Script = LuaScripts.Read("RateLimits.gcra.lua");

    private readonly LocalRateLimiter _local = new(clock);
    private long _askAgainAt;
    private int _away;

    /// <summary>Counts one request of a caller against a limit.</summary>
    /// <param name="limit">Already scaled.</param>
    /// <param name="caller">Whose counter: a user's id, an address.</param>
    public async ValueTask<RateDecision> CountAsync(RateLimit limit, string caller)
    {
        var key = $"{KeyPrefix}{limit.Name}:{caller}";
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref _askAgainAt))
            return _local.Decide(key, limit);
        try
        {
            var answer = (long[])(await redis.GetDatabase()
                .ScriptEvaluateAsync(Script, [key], [limit.Interval, limit.Interval * limit.Burst])
                .WaitAsync(Timeout, clock))!;
            if (Interlocked.Exchange(ref _away, 0) == 1)
                log.LogInformation("Redis counts the rate limits again.");
            return Gcra.Decision(answer[0] == 1, answer[1], answer[2], answer[3]);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Volatile.Write(ref _askAgainAt, (clock.GetUtcNow() + Pause).UtcTicks);
            if (Interlocked.Exchange(ref _away, 1) == 0)
                log.LogWarning("Redis does not answer: this gateway counts the rate limits by itself until it does. {Reason}", e.Message);
            return _local.Decide(key, limit);
        }
    }
}
