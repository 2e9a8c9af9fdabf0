using Son1kVers3.Gateway.RateLimits;
using Son1kVers3.ServiceDefaults.Health;

namespace Son1kVers3.Gateway.Redis;

/// <summary>Loads the script that every request runs.</summary>
internal sealed class RedisWarmUp(RateLimiter limiter) : IWarmUp
{
    public Task WarmAsync(CancellationToken cancellationToken) => limiter.CountAsync(new RateLimit("warm-up", 1_000_000), Environment.MachineName).AsTask();
}
