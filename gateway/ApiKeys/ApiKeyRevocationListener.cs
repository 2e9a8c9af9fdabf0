using Son1kVers3.ServiceDefaults.Auth;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>Hears from profile which keys were revoked and whose tier lost them.</summary>
/// <remarks>What is missed while Redis is away is made good by forgetting everything once it is back, and by the cache's short life.</remarks>
internal sealed class ApiKeyRevocationListener(IConnectionMultiplexer redis, ApiKeyCache cache, TimeProvider clock, ILogger<ApiKeyRevocationListener> log) : BackgroundService
{
    private static readonly RedisChannel Revocations = new(ApiKeyRevocations.Channel, RedisChannel.PatternMode.Literal);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionRestored += (_, _) => cache.Clear();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await redis.GetSubscriber().SubscribeAsync(Revocations, (_, message) => Revoke(message));
                cache.Clear();
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                log.LogInformation("Revoked API keys cannot be heard of yet: {Reason}", e.Message);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Revoke(string? message)
    {
        if (Guid.TryParse(message, out var id))
            cache.Revoke(id);
        else
            cache.Clear();
    }
}
