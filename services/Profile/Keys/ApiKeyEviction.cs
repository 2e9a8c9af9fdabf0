using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Profile.Data;
using StackExchange.Redis;

namespace Son1kVers3.Profile.Keys;

/// <summary>Tells the gateways which exchanged keys to forget, once the change that makes them void is committed.</summary>
/// <remarks>
/// A change says so with <see cref="AnnounceAsync"/> in its own transaction: PostgreSQL delivers the notification at commit and not without it, so
/// that no gateway asks again too early. Each replica passes it on to the Redis channel <see cref="Channel"/>; forgetting twice does no harm.
/// The message is the id of a key, or of a member whose keys are all meant. What is lost on the way is made good by the gateway's own minute.
/// </remarks>
internal sealed class ApiKeyEviction(NpgsqlDataSource database, IConnectionMultiplexer redis, TimeProvider clock, ILogger<ApiKeyEviction> log) : BackgroundService
{
    /// <summary>The Redis channel that gateways listen to.</summary>
    public const string Channel = "api-keys:evicted";

    private const string Notification = "api_keys_evicted";
    private static readonly RedisChannel Outward = new(Channel, RedisChannel.PatternMode.Literal);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Has the gateways forget a key, or all keys of a member, when the current transaction of <paramref name="db"/> commits.</summary>
    public static Task AnnounceAsync(ProfileDb db, Guid keyOrMember, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_notify({Notification}, {keyOrMember.ToString()})", cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PassOnAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                log.LogWarning("Evictions of API keys are not passed on just now: {Reason}", e.Message);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task PassOnAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, notification) => _ = PublishAsync(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Notification}", connection))
            await listen.ExecuteNonQueryAsync(stoppingToken);
        while (true)
            await connection.WaitAsync(stoppingToken);
    }

    private async Task PublishAsync(string id)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(Outward, id);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogWarning("Gateways learn of a void API key only by their own clock: {Reason}", e.Message);
        }
    }
}
