using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing.Quotas;

/// <summary>Gives back units that nobody confirmed in time. Replicas may sweep at once: the member's lock orders them.</summary>
internal sealed class ExpirySweeper(NpgsqlDataSource database, TimeProvider clock, ILogger<ExpirySweeper> log)
    : PeriodicWorker(TimeSpan.FromSeconds(10), clock, log)
{
    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>Expires what is overdue now; returns the number of members concerned.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var members = new List<Guid>();
        await using (var overdue = database.CreateCommand(
            "SELECT DISTINCT user_id FROM reservations WHERE state = 'reserved' AND expires_at <= $1"))
        {
            overdue.Parameters.AddWithValue(now);
            await using var reader = await overdue.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                members.Add(reader.GetGuid(0));
        }

        foreach (var member in members)
        {
            await using var expire = database.CreateCommand("SELECT expire_overdue($1, $2) FROM lock_account($1)");
            expire.Parameters.AddWithValue(member);
            expire.Parameters.AddWithValue(now);
            await expire.ExecuteNonQueryAsync(cancellationToken);
        }

        return members.Count;
    }
}
