using System.Security.Cryptography;
using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Stealth.Secrets;

/// <summary>Wraps the secrets of earlier master keys with the current one, while everything goes on.</summary>
/// <remarks>A row is only changed if it still holds what was read: a key that an operator replaces meanwhile is not overwritten.</remarks>
internal sealed class SecretRewrap(NpgsqlDataSource database, SecretBox box, TimeProvider clock, ILogger<SecretRewrap> log)
    : PeriodicWorker(TimeSpan.FromSeconds(30), clock, log)
{
    private static readonly string[] Tables = ["account_keys", "proxies"];

    protected override Task RunAsync(CancellationToken cancellationToken) => RewrapAsync(cancellationToken);

    /// <summary>One round; returns how many secrets were wrapped anew.</summary>
    public async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        var renewed = 0;
        foreach (var table in Tables)
            renewed += await RewrapAsync(table, cancellationToken);
        if (renewed > 0)
            Log.LogInformation("{Count} secrets are under the current master key now", renewed);
        return renewed;
    }

    private async Task<int> RewrapAsync(string table, CancellationToken cancellationToken)
    {
        var old = new List<(Guid Id, byte[] Box)>();
        await using (var read = database.CreateCommand($"SELECT id, secret FROM {table} WHERE secret IS NOT NULL"))
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetFieldValue<byte[]>(1) is var sealedSecret && !box.IsCurrent(sealedSecret))
                    old.Add((reader.GetGuid(0), sealedSecret));
            }
        }

        var renewed = 0;
        foreach (var (id, sealedSecret) in old)
        {
            try
            {
                await using var write = database.CreateCommand($"UPDATE {table} SET secret = $3 WHERE id = $1 AND secret = $2");
                write.Parameters.AddWithValue(id);
                write.Parameters.AddWithValue(sealedSecret);
                write.Parameters.AddWithValue(box.Rewrap(sealedSecret, id));
                renewed += await write.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (CryptographicException e)
            {
                Log.LogError("The secret of {Table} {Id} can't be opened: {Reason}", table, id, e.Message);
            }
        }

        return renewed;
    }
}
