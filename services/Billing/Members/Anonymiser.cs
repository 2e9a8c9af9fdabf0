using Npgsql;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing.Members;

/// <summary>Gives the ledger of deleted members a name that nobody has: what was counted stays counted, of whom is forgotten.</summary>
/// <remarks>
/// Once no unit is held any more: its generation's end must still find it. A bucket at a time, with its lines and units, so that the
/// ledger adds up in between; one that was interrupted goes on, and lines that are told of after that (a release that was long on its
/// way) follow. Invoices stay with their Stripe ids: they must be kept, and a refund must still find them.
/// </remarks>
internal sealed class Anonymiser(NpgsqlDataSource database, LeaseStore leases, TimeProvider clock, ILogger<Anonymiser> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(30)) { OneReplica = leases }, clock, log)
{
    private const string Due =
        """
        SELECT user_id FROM accounts a WHERE deleted_at IS NOT NULL
        AND (anonymised_at IS NULL OR EXISTS (SELECT FROM ledger l WHERE l.user_id = a.user_id))
        AND NOT EXISTS (SELECT FROM buckets b WHERE b.user_id = a.user_id AND b.reserved > 0) LIMIT 100
        """;

    protected override Task RunAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);

    /// <summary>Anonymises whom it can now.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var member in await DueAsync(cancellationToken))
        {
            var pseudonym = Guid.NewGuid();
            while (await MoveNextAsync(member, pseudonym, cancellationToken))
            {
            }
        }
    }

    private async Task<bool> MoveNextAsync(Guid member, Guid pseudonym, CancellationToken cancellationToken)
    {
        await using var move = database.CreateCommand("SELECT anonymise_next($1, $2, $3)");
        move.Parameters.AddWithValue(member);
        move.Parameters.AddWithValue(pseudonym);
        move.Parameters.AddWithValue(Clock.GetUtcNow());
        return await move.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Due);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            members.Add(reader.GetGuid(0));
        return members;
    }
}
