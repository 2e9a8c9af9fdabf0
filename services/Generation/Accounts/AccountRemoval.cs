using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Accounts;

/// <summary>
/// Removes what deleted accounts leave behind, 500 tracks a transaction. Tracks in the pool stay, without their words: others hold licensed
/// copies of them.
/// </summary>
/// <remarks>
/// An account is done when a round finds nothing more of it; a job that is accepted at the very moment is found by the next.
/// </remarks>
internal sealed class AccountRemoval(IServiceScopeFactory scopes, LeaseStore leases, TimeProvider clock, ILogger<AccountRemoval> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(5)) { OneReplica = leases }, clock, log)
{
    private const int Batch = 500;

    /// <summary>For as long its tracks are looked for again: requests that were on their way when the account went.</summary>
    private static readonly TimeSpan Stragglers = TimeSpan.FromMinutes(2);

    /// <summary>The news is committed in a moment.</summary>
    public void WakeSoon() =>
        _ = Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System).ContinueWith(_ => Wake(), TaskScheduler.Default);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var account in await AccountsAsync(cancellationToken))
        {
            while (await RemoveBatchAsync(account.UserId, cancellationToken) > 0)
                Log.LogInformation("Tracks of a deleted account were removed");
            await RemoveRestAsync(account, cancellationToken);
        }
    }

    private async Task<List<DeletedAccount>> AccountsAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GenerationDb>().Set<DeletedAccount>().AsNoTracking()
            .OrderBy(a => a.DeletedAt).Take(100).ToListAsync(cancellationToken);
    }

    /// <summary>One batch in one transaction; returns how many went.</summary>
    private async Task<int> RemoveBatchAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ids = await db.Database.SqlQuery<Guid>(
            $"""
            SELECT id AS "Value" FROM tracks WHERE user_id = {user} AND deleted_at IS NULL AND NOT contributed
            ORDER BY id DESC LIMIT {Batch} FOR UPDATE
            """).ToListAsync(cancellationToken);
        var cancelled = await db.Tracks.FromSql(
            $"""
            UPDATE tracks SET status = 'cancelled', finished_at = {Clock.GetUtcNow()},
                lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE id = ANY({ids.ToArray()}) AND status IN ('queued', 'composing', 'rendering', 'mastering') RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        foreach (var job in cancelled)
        {
            outbox.Publish(new GenerationCancelled { Sequence = job.Sequence, GenerationId = job.Id, UserId = user });
            await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.JobCancelled}, {job.Id.ToString()})", cancellationToken);
        }

        await scope.ServiceProvider.GetRequiredService<TrackRemoval>().RemoveAsync(ids);
        await transaction.CommitAsync(cancellationToken);
        cancelled.ForEach(scope.ServiceProvider.GetRequiredService<ProgressBus>().Stored);
        return ids.Count;
    }

    private async Task RemoveRestAsync(DeletedAccount account, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var user = account.UserId;
        await db.Database.ExecuteSqlAsync(
            $$"""
            UPDATE tracks SET request = request || '{"prompt": "", "lyrics": null, "voiceMemoId": null, "melody": null}'
            WHERE user_id = {{user}} AND contributed AND request->>'prompt' <> '';
            DELETE FROM voice_memos WHERE user_id = {{user}};
            DELETE FROM entitlements WHERE user_id = {{user}};
            DELETE FROM claims WHERE user_id = {{user}};
            DELETE FROM member_positions WHERE user_id = {{user}};
            DELETE FROM failure_streaks WHERE user_id = {{user}};
            UPDATE downloads SET expires_at = {{Clock.GetUtcNow()}} WHERE user_id = {{user}}
            """,
            cancellationToken);
        if (Clock.GetUtcNow() - account.DeletedAt > Stragglers)
            await db.Database.ExecuteSqlAsync($"DELETE FROM deleted_accounts WHERE user_id = {user}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
