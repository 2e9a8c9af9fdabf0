using StackExchange.Redis;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>Hears from profile which keys were revoked and whose tier lost them.</summary>
/// <remarks>What is missed while Redis is away is made good by forgetting everything once it is back, and by the cache's short life.</remarks>
internal sealed class ApiKeyEviction(IConnectionMultiplexer redis, ApiKeyCache cache, TimeProvider clock, ILogger<ApiKeyEviction> log) : BackgroundService
{
    /// <summary>The channel; a message is the id of a key, or of a user whose keys are all meant.</summary>
    internal const string Channel = "api-keys:evicted";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionRestored += (_, _) => cache.Clear();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await redis.GetSubscriber().SubscribeAsync(new RedisChannel(Channel, RedisChannel.PatternMode.Literal), (_, message) => Evict(message));
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

    private void Evict(string? message)
    {
        if (Guid.TryParse(message, out var id))
            cache.Evict(id);
        else
            cache.Clear();
    }
}
