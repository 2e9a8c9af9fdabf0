using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Data;
using StackExchange.Redis;

namespace Son1kVers3.Profile.Keys;

/// <summary>Tells the gateways which exchanged keys to forget, once the change that makes them void is committed.</summary>
/// <remarks>
/// A change says so with <see cref="AnnounceAsync"/> in its own transaction: PostgreSQL delivers the notification at commit and not without it, so
/// that no gateway asks again too early. Each replica passes it on to the Redis channel <see cref="ApiKeyRevocations.Channel"/>; forgetting twice does no harm.
/// What is lost on the way is made good by the gateway's own minute.
/// </remarks>
internal sealed class ApiKeyRevocationPublisher(DatabaseNotifications notifications, IConnectionMultiplexer redis, ILogger<ApiKeyRevocationPublisher> log) : IHostedService
{
    private const string Notification = "api_keys_revoked";
    private static readonly RedisChannel Outward = new(ApiKeyRevocations.Channel, RedisChannel.PatternMode.Literal);

    /// <summary>Has the gateways forget a key, or all keys of a member, when the current transaction of <paramref name="db"/> commits.</summary>
    public static Task AnnounceAsync(ProfileDb db, Guid keyOrMember, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_notify({Notification}, {keyOrMember.ToString()})", cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        notifications.On(Notification, id => _ = PublishAsync(id));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The same without the way over the database, after the commit, for an answer that says that the key is void: Redis has handed it to every gateway when
    /// this returns.
    /// </summary>
    public Task TellAsync(Guid keyOrMember) => PublishAsync(keyOrMember.ToString());

    private async Task PublishAsync(string? id)
    {
        try
        {
            // Some may have been missed: anything that is no id has the gateways forget all.
            await redis.GetSubscriber().PublishAsync(Outward, id ?? "all");
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogWarning("Gateways learn of a void API key only by their own clock: {Reason}", e.Message);
        }
    }
}
