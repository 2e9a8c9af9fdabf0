using Npgsql;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Remembers which keys providers refuse, so that an account goes on with another one of its keys.</summary>
internal sealed class KeyBook(NpgsqlDataSource database, FleetCache fleet, TimeProvider clock)
{
    /// <summary>A provider refused the key. Returns whether the account has another to try.</summary>
    public async Task<bool> RefuseAsync(Account account, AccountKey key, CancellationToken cancellationToken)
    {
        await SetAsync("UPDATE account_keys SET refused_at = $2 WHERE id = $1 AND refused_at IS NULL", key.Id, cancellationToken);
        var now = clock.GetUtcNow();
        return account.Keys.Any(k => k.Id != key.Id && k.RefusedAt is null && k.Status == KeyStatus.Active && (k.ExpiresAt is null || k.ExpiresAt > now));
    }

    /// <summary>A key that was refused works again.</summary>
    public Task AcceptAsync(AccountKey key, CancellationToken cancellationToken) =>
        SetAsync("UPDATE account_keys SET refused_at = NULL WHERE id = $1 AND refused_at < $2", key.Id, cancellationToken);

    private async Task SetAsync(string sql, Guid key, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = key }, new() { Value = clock.GetUtcNow() } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT pg_notify('{StealthDb.FleetChannel}', '')"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
    }
}
