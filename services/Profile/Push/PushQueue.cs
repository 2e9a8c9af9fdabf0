using Npgsql;

namespace Son1kVers3.Profile.Push;

/// <summary>A push that somebody sends now, and all that it takes.</summary>
internal sealed record TakenPush(Guid NotificationId, long Position, int Attempts, Guid AccountId, PushSubscription Subscription, bool Wanted, string Language);

/// <summary>The pushes that wait.</summary>
/// <remarks>Taking one moves its next attempt into the future, which is the lease of who sends it: nothing is locked or open while a push service is talked to.</remarks>
internal sealed class PushQueue(NpgsqlDataSource database)
{
    private const int Batch = 32;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // Not wanted any more: what was read meanwhile, and where the sign-in has ended.
    private const string TakeSql =
        """
        WITH due AS (
            SELECT notification_id, subscription_id FROM pending_pushes WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED),
        taken AS (
            UPDATE pending_pushes p SET attempts = p.attempts + 1, next_attempt_at = $1 + $2 * power(2, p.attempts)
            FROM due d WHERE p.notification_id = d.notification_id AND p.subscription_id = d.subscription_id
            RETURNING p.notification_id, p.subscription_id, p.position, p.attempts)
        SELECT t.notification_id, t.position, t.attempts, s.account_id, s.id, s.session_id, s.endpoint, s.p256dh, s.auth,
            n.read_at IS NULL AND e.revoked_at IS NULL AND e.expires_at > $1, a.language
        FROM taken t JOIN push_subscriptions s ON s.id = t.subscription_id JOIN sessions e ON e.id = s.session_id
            JOIN notifications n ON n.id = t.notification_id JOIN accounts a ON a.id = s.account_id
        """;

    public async Task<List<TakenPush>> TakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(TakeSql, [now, Lease, Batch]);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new List<TakenPush>();
        while (await row.ReadAsync(cancellationToken))
        {
            var subscription = new PushSubscription
            {
                Id = row.GetGuid(4),
                AccountId = row.GetGuid(3),
                SessionId = row.GetGuid(5),
                Endpoint = row.GetString(6),
                P256dh = row.GetString(7),
                Auth = row.GetString(8),
            };
            taken.Add(new(row.GetGuid(0), row.GetInt64(1), row.GetInt32(2), subscription.AccountId, subscription, row.GetBoolean(9), row.GetString(10)));
        }

        return taken;
    }

    /// <summary>Done with, unless the notification has grown meanwhile.</summary>
    public Task RemoveAsync(TakenPush push, CancellationToken cancellationToken) => ExecuteAsync(
        "DELETE FROM pending_pushes WHERE notification_id = $1 AND subscription_id = $2 AND position = $3",
        [push.NotificationId, push.Subscription.Id, push.Position], cancellationToken);

    /// <summary>Waits until an instant, without having been tried.</summary>
    public Task PostponeAsync(TakenPush push, DateTimeOffset until, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE pending_pushes SET attempts = attempts - 1, next_attempt_at = $3 WHERE notification_id = $1 AND subscription_id = $2",
        [push.NotificationId, push.Subscription.Id, until], cancellationToken);

    /// <summary>The browser is told nothing any more.</summary>
    public Task ForgetAsync(PushSubscription subscription, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM push_subscriptions WHERE id = $1", [subscription.Id], cancellationToken);

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
