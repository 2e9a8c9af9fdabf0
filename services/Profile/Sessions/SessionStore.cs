using Npgsql;

namespace Son1kVers3.Profile.Sessions;

/// <summary>The SQL of sessions. Spending a token is one statement, so that of parallel refreshes one rotates and the others see that it did.</summary>
internal sealed class SessionStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A token may come twice within this time: two tabs that wake up together, or an answer that was lost on its way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // $1 family, $2 number of the presented token, $3 now, $4 new expiry, $5 start of the grace. Spent times are kept for the last 20
    // rotations; who rotates more often than that within the grace is no browser.
    private const string Spend =
        """
        UPDATE sessions s SET
            counter = CASE WHEN s.counter = $2 THEN s.counter + 1 ELSE s.counter END,
            spent_at = CASE WHEN s.counter = $2 THEN s.spent_at[greatest(1, cardinality(s.spent_at) - 18):] || $3 ELSE s.spent_at END,
            expires_at = CASE WHEN s.counter = $2 THEN $4 ELSE s.expires_at END,
            revoked_at = CASE WHEN s.counter = $2 OR s.spent_at[cardinality(s.spent_at) - (s.counter - 1 - $2)] > $5 THEN NULL ELSE $3 END
        FROM accounts a
        WHERE s.id = $1 AND a.id = s.account_id AND s.revoked_at IS NULL AND s.expires_at > $3
        RETURNING s.revoked_at IS NULL, a.id, a.is_operator
        """;

    private const string Revoke = "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

    private const string Forget = "DELETE FROM sessions WHERE expires_at < $1";

    /// <summary>Spends token <paramref name="number"/> of <paramref name="family"/>; its successor is the next number. Null: sign in again.</summary>
    /// <remarks>A token that was spent longer ago than <see cref="Grace"/> is in two hands; the whole family is revoked, for both.</remarks>
    public async Task<Spent?> SpendAsync(Guid family, int number, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand(Spend);
        Add(command, family, number, now, now + Session.Lifetime, now - Grace);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && row.GetBoolean(0) ? new Spent(row.GetGuid(1), row.GetBoolean(2)) : null;
    }

    public Task RevokeAsync(Guid family, CancellationToken cancellationToken) => RunAsync(Revoke, cancellationToken, family, clock.GetUtcNow());

    public Task ForgetExpiredAsync(CancellationToken cancellationToken) => RunAsync(Forget, cancellationToken, clock.GetUtcNow());

    private async Task RunAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Add(command, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
    }
}

/// <summary>Whose token was spent.</summary>
internal readonly record struct Spent(Guid AccountId, bool IsOperator);
