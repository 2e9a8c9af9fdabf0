using Npgsql;
using Son1kVers3.ServiceDefaults.Data;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>The relay's statements. Each is a transaction of its own: nothing is held while the broker works.</summary>
internal sealed class OutboxStore(NpgsqlDataSource database)
{
    /// <summary>How long a relay may take with what it claimed, before another one takes it up: twice what a publish is waited for, so that a killed one delays little.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(10);

    /// <summary>A row that was refused so often is set aside.</summary>
    public const int MostRefusals = 5;

    /// <summary>What the relay keeps of a row, beside the columns that the services' own migrations make.</summary>
    public static readonly SchemaAddition Schema = new(
        """
        ALTER TABLE outbox ADD COLUMN IF NOT EXISTS locked_until timestamptz, ADD COLUMN IF NOT EXISTS refusals integer NOT NULL DEFAULT 0,
            ADD COLUMN IF NOT EXISTS set_aside_at timestamptz, ADD COLUMN IF NOT EXISTS error text;
        CREATE INDEX IF NOT EXISTS ix_outbox_set_aside ON outbox (id) WHERE set_aside_at IS NOT NULL;
        """);

    // The database's clock: all relays agree on it.
    private const string Claim =
        """
        UPDATE outbox SET locked_until = clock_timestamp() + $2
        WHERE id IN (SELECT id FROM outbox WHERE set_aside_at IS NULL AND (locked_until IS NULL OR locked_until < clock_timestamp()) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING id, type, payload, trace_parent
        """;

    private const string Refuse =
        """
        UPDATE outbox SET error = $2, refusals = refusals + 1,
            locked_until = clock_timestamp() + interval '1 second' * power(2, refusals),
            set_aside_at = CASE WHEN refusals + 1 >= $3 THEN clock_timestamp() END
        WHERE id = $1 RETURNING set_aside_at IS NOT NULL
        """;

    /// <summary>Takes the oldest rows that no other relay is at work on, in their order.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = Command(Claim, most, ClaimTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<OutboxMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new OutboxMessage
            {
                Id = reader.GetGuid(0),
                Type = reader.GetString(1),
                Payload = reader.GetString(2),
                TraceParent = reader.IsDBNull(3) ? null : reader.GetString(3),
            });
        }

        rows.Sort((a, b) => string.CompareOrdinal(a.Id.ToString(), b.Id.ToString()));
        return rows;
    }

    /// <summary>The broker has them.</summary>
    public Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken) => ExecuteAsync("DELETE FROM outbox WHERE id = ANY($1)", cancellationToken, ids);

    /// <summary>Whoever looks next may take them: the broker was away.</summary>
    public Task ReleaseAsync(Guid[] ids, CancellationToken cancellationToken) =>
        ExecuteAsync("UPDATE outbox SET locked_until = NULL WHERE id = ANY($1)", cancellationToken, ids);

    /// <summary>Counts a refusal; the row rests for longer each time, and is set aside after the last. Returns whether it was.</summary>
    public async Task<bool> RefuseAsync(Guid id, string error, bool forEver, CancellationToken cancellationToken)
    {
        await using var command = Command(Refuse, id, error, forEver ? 0 : MostRefusals);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>How many rows are set aside.</summary>
    public async Task<long> CountSetAsideAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT count(*) FROM outbox WHERE set_aside_at IS NOT NULL");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Tries those again that were set aside; returns how many.</summary>
    public Task<int> ReplayAsync(CancellationToken cancellationToken) =>
        ExecuteAsync("UPDATE outbox SET set_aside_at = NULL, locked_until = NULL, refusals = 0 WHERE set_aside_at IS NOT NULL", cancellationToken);

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
