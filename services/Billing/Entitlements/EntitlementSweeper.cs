using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>Publishes entitlements that ended by the clock alone: a cancelled period, a grace, a given tier. They count from the instant
/// itself; this only tells others.</summary>
internal sealed class EntitlementSweeper(
    NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<EntitlementSweeper> log)
    : PeriodicWorker(TimeSpan.FromSeconds(15), clock, log)
{
    private const string Ended =
        """
        SELECT user_id FROM accounts
        WHERE (paid_until <= $1 AND paid_tier > 0 AND published_tier = paid_tier) OR (comp_until <= $1 AND comp_tier > 0
            AND published_tier = comp_tier)
        """;

    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>Publishes what has ended by now.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var member in await EndedAsync(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BillingDb>();
            var accounts = scope.ServiceProvider.GetRequiredService<AccountStore>();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await accounts.SaveAsync(await accounts.LockAsync(member, cancellationToken), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private async Task<List<Guid>> EndedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Ended);
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            members.Add(reader.GetGuid(0));
        return members;
    }
}
