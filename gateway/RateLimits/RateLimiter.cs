using Son1kVers3.Gateway.Redis;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Counts requests in Redis, so that all gateways count together; one round trip for all that a caller sends at once, and few for quick ones.</summary>
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

    private readonly CallerTable<Prepaid> _prepaid = new((prepaid, now) => prepaid.IsOver(now));
    private readonly LocalRateLimiter _local = new();
    private long _askAgainAt;
    private int _away;

    /// <summary>Counts one request of a caller against a limit.</summary>
    /// <param name="limit">Already scaled.</param>
    /// <param name="caller">Whose counter: a user's id, an address.</param>
    public ValueTask<RateDecision> CountAsync(RateLimit limit, string caller)
    {
        var (key, now) = ($"{KeyPrefix}{limit.Name}:{caller}", Now);
        if (now < Volatile.Read(ref _askAgainAt))
            return new(_local.Decide(key, now, limit));
        var prepaid = _prepaid.Of(key, now);
        return prepaid.TryUse(now, limit, out var decision) ? new(decision) : new(WaitAsync(key, limit, prepaid));
    }

    private long Now => clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Others may have come first to what was granted; then it is asked again, for all who are left.</summary>
    private async Task<RateDecision> WaitAsync(string key, RateLimit limit, Prepaid prepaid)
    {
        while (true)
        {
            var grant = await prepaid.AskAsync(() => Now, limit, wanted => AskAsync(key, limit, wanted));
            if (prepaid.TryUse(Now, limit, out var decision))
                return decision;
            if (grant.Granted == 0)
                return grant.Refusal ?? _local.Decide(key, Now, limit);
        }
    }

    private async Task<Grant> AskAsync(string key, RateLimit limit, int wanted)
    {
        try
        {
            var answer = (long[])(await redis.GetDatabase()
                .ScriptEvaluateAsync(Script, [key], [limit.Interval, limit.Interval * limit.Burst, wanted])
                .WaitAsync(Timeout, clock))!;
            if (Interlocked.Exchange(ref _away, 0) == 1)
                log.LogInformation("Redis counts the rate limits again.");
            return new Grant(answer[0], answer[3], answer[0] > 0 ? null : Gcra.Decision(false, answer[1], answer[2], answer[3]));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Volatile.Write(ref _askAgainAt, Now + (long)Pause.TotalMicroseconds);
            if (Interlocked.Exchange(ref _away, 1) == 0)
                log.LogWarning("Redis does not answer: this gateway counts the rate limits by itself until it does. {Reason}", e.Message);
            return new Grant(0, 0, null);
        }
    }
}
