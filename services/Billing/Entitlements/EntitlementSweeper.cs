using Npgsql;
using Son1kVers3.Billing.Data;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>Tells of entitlements that ended by the clock alone: a cancelled period, a grace, a given tier. They count from the instant itself; this only tells.</summary>
internal sealed class EntitlementSweeper(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<EntitlementSweeper> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    private const string Ended =
        """
        SELECT user_id FROM accounts
        WHERE (paid_until <= $1 AND paid_tier > 0 AND told_tier = paid_tier) OR (comp_until <= $1 AND comp_tier > 0 AND told_tier = comp_tier)
        """;

    /// <summary>Tells of what has ended by now.</summary>
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Ended entitlements wait to be told: {Reason}", e.Message);
            }
        }
    }

    private async Task<List<Guid>> EndedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Ended);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            members.Add(reader.GetGuid(0));
        return members;
    }
}
