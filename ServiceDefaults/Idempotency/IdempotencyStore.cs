using Npgsql;
using NpgsqlTypes;

namespace Son1kVers3.ServiceDefaults.Idempotency;

/// <summary>How a key stands when a request comes with it.</summary>
internal abstract record KeyState
{
    /// <summary>This request is the one to do the work (the first, or the heir of one that died).</summary>
    internal sealed record Mine(KeyName Key, Guid OperationId, Guid AttemptId) : KeyState;

    internal sealed record Done(StoredAnswer Answer) : KeyState;

    internal sealed record InFlight(TimeSpan RetryAfter) : KeyState;

    internal sealed record OtherBody : KeyState;
}

/// <summary>What a key is known by: it means something only for its user's calls of one endpoint.</summary>
internal sealed record KeyName(Guid UserId, string Method, string Path, string Key);

/// <summary>The SQL of idempotency keys. Taking a key is one statement, so that of parallel first calls exactly one wins.</summary>
internal sealed class IdempotencyStore(NpgsqlDataSource database, TimeProvider clock)
{
    internal static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    /// <summary>After this long without an answer the owner counts as dead, and the next request resumes its operation.</summary>
    internal static readonly TimeSpan Lock = TimeSpan.FromSeconds(60);

    private const string Take =
        """
        INSERT INTO idempotency_keys AS k (user_id, method, path, key, fingerprint, operation_id, attempt_id, locked_until, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
        ON CONFLICT (user_id, method, path, key) DO UPDATE SET
            operation_id = CASE WHEN k.created_at < $9 THEN excluded.operation_id ELSE k.operation_id END,
            created_at = CASE WHEN k.created_at < $9 THEN excluded.created_at ELSE k.created_at END,
            fingerprint = excluded.fingerprint, attempt_id = excluded.attempt_id, locked_until = excluded.locked_until,
            status = NULL, content_type = NULL, location = NULL, body = NULL
        WHERE k.created_at < $9 OR (k.status IS NULL AND k.fingerprint = excluded.fingerprint AND k.locked_until < $8)
        RETURNING operation_id
        """;

    private const string Find =
        "SELECT fingerprint, status, content_type, location, body, locked_until FROM idempotency_keys WHERE user_id = $1 AND method = $2 AND path = $3 AND key = $4";

    private const string Complete =
        """
        UPDATE idempotency_keys SET status = $6, content_type = $7, location = $8, body = $9
        WHERE user_id = $1 AND method = $2 AND path = $3 AND key = $4 AND attempt_id = $5 AND status IS NULL
        """;

    private const string Release =
        """
        UPDATE idempotency_keys SET locked_until = $6
        WHERE user_id = $1 AND method = $2 AND path = $3 AND key = $4 AND attempt_id = $5 AND status IS NULL
        """;

    public async Task<KeyState> TakeAsync(KeyName name, byte[] fingerprint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var attempt = Guid.CreateVersion7(now);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand(Take, connection))
        {
            foreach (var value in (object[])[name.UserId, name.Method, name.Path, name.Key, fingerprint, attempt, now + Lock, now, now - Keep])
                take.Parameters.Add(new NpgsqlParameter { Value = value });
            if (await take.ExecuteScalarAsync(cancellationToken) is Guid operation)
                return new KeyState.Mine(name, operation, attempt);
        }

        await using var find = new NpgsqlCommand(Find, connection);
        foreach (var value in (object[])[name.UserId, name.Method, name.Path, name.Key])
            find.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return new KeyState.InFlight(TimeSpan.FromSeconds(1));
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint))
            return new KeyState.OtherBody();
        return reader.IsDBNull(1)
            ? new KeyState.InFlight(TimeSpan.FromSeconds(1))
            : new KeyState.Done(new StoredAnswer(
                reader.GetInt32(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4)));
    }

    public async Task CompleteAsync(KeyState.Mine mine, StoredAnswer answer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        await CompleteAsync(command, mine, answer, cancellationToken);
    }

    internal static async Task<bool> CompleteAsync(NpgsqlCommand command, KeyState.Mine mine, StoredAnswer answer, CancellationToken cancellationToken = default)
    {
        command.CommandText = Complete;
        AddAttempt(command, mine);
        command.Parameters.Add(new() { Value = answer.Status });
        command.Parameters.Add(new() { Value = (object?)answer.ContentType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)answer.Location ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = answer.Body });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Lets the next request under the key try again at once, as the same operation.</summary>
    public async Task ReleaseAsync(KeyState.Mine mine, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Release);
        AddAttempt(command, mine);
        command.Parameters.AddWithValue(clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddAttempt(NpgsqlCommand command, KeyState.Mine mine)
    {
        foreach (var value in (object[])[mine.Key.UserId, mine.Key.Method, mine.Key.Path, mine.Key.Key, mine.AttemptId])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }

    public async Task ForgetExpiredAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM idempotency_keys WHERE created_at < $1");
        command.Parameters.AddWithValue(clock.GetUtcNow() - Keep);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
