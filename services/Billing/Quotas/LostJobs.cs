using MassTransit;
using Npgsql;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing.Quotas;

/// <summary>Settles confirmed units whose job is gone. A confirmed unit never ends by the clock: generation is asked.</summary>
internal sealed class LostJobs(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<LostJobs> log)
    : PeriodicWorker(TimeSpan.FromMinutes(5), clock, log)
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private const int Batch = 100;

    /// <summary>Longer than any job takes, with its retries.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(30);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await SettleAsync(cancellationToken) is > 0 and var settled)
            Log.LogWarning("{Count} units waited for the end of jobs that are over", settled);
    }

    /// <summary>Asks about the oldest; returns how many were settled.</summary>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var owners = await OldestAsync(cancellationToken);
        if (owners.Count == 0)
            return 0;
        await using var scope = scopes.CreateAsyncScope();
        var client = scope.ServiceProvider.GetRequiredService<IRequestClient<AskJobStates>>();
        var answer = await client.GetResponse<JobStates>(new AskJobStates { GenerationIds = [.. owners.Keys] }, cancellationToken);
        var settled = 0;
        foreach (var job in answer.Message.Jobs)
        {
            if (job.State == "running" || !owners.TryGetValue(job.GenerationId, out var userId))
                continue;
            await using var settle = database.CreateCommand("SELECT settle_quota($1, $2, $3, $4, $5)");
            settle.Parameters.AddWithValue(job.GenerationId);
            settle.Parameters.AddWithValue(userId);
            settle.Parameters.AddWithValue((job.State == "completed" ? UnitMove.Commit : UnitMove.Release).ToWord());
            settle.Parameters.AddWithValue($"generation says: {job.State}");
            settle.Parameters.AddWithValue(Clock.GetUtcNow());
            await settle.ExecuteNonQueryAsync(cancellationToken);
            settled++;
        }

        return settled;
    }

    private async Task<Dictionary<Guid, Guid>> OldestAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT id, user_id FROM reservations WHERE state = 'confirmed' AND confirmed_at < $1 ORDER BY confirmed_at LIMIT {Batch}");
        command.Parameters.AddWithValue(Clock.GetUtcNow() - Old);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new Dictionary<Guid, Guid>();
        while (await reader.ReadAsync(cancellationToken))
            owners[reader.GetGuid(0)] = reader.GetGuid(1);
        return owners;
    }
}
