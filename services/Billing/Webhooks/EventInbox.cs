using Npgsql;
using NpgsqlTypes;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Stores events once each, and wakes the worker.</summary>
internal sealed class EventInbox(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Raised when something waits to be processed. Only a short cut: the worker looks by itself, too.</summary>
    public event Action? Arrived;

    /// <summary>Keeps an event; false when it was known.</summary>
    public async Task<bool> AddAsync(StripeEvent received, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO stripe_events (id, type, customer_id, charge_id, created_at, received_at, attempts, next_attempt_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $6) ON CONFLICT (id) DO NOTHING
            """);
        command.Parameters.AddWithValue(received.Id);
        command.Parameters.AddWithValue(received.Type);
        command.Parameters.Add(
            new NpgsqlParameter { Value = (object?)received.CustomerId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(
            new NpgsqlParameter { Value = (object?)received.ChargeId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(received.CreatedAt);
        command.Parameters.AddWithValue(received.ReceivedAt);
        var isNew = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        if (isNew)
            Arrived?.Invoke();
        return isNew;
    }

    /// <summary>Has an event processed once more; false when it is unknown.</summary>
    public async Task<bool> ReplayAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE stripe_events SET processed_at = NULL, attempts = 0, error = NULL, next_attempt_at = $2 WHERE id = $1");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        var found = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        Arrived?.Invoke();
        return found;
    }
}
