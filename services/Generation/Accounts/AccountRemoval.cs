using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Accounts;

/// <summary>
/// Removes what deleted accounts leave behind, 500 tracks a transaction. Tracks in the pool stay, without what was asked for: others hold
/// licensed copies of them.
/// </summary>
/// <remarks>
/// Every step may be repeated, by whoever comes after a process that died. Rounds go on for a while after the first that finds nothing: a
/// job that is accepted at the very moment is found by the next. What other services tell later is refused where it comes in
/// (<see cref="DeletedAccount"/>).
/// </remarks>
internal sealed class AccountRemoval(
    IServiceScopeFactory scopes, ITrackStore store, LeaseStore leases, TimeProvider clock, ILogger<AccountRemoval> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(5)) { OneReplica = leases }, clock, log)
{
    private const int Batch = 500;

    /// <summary>Besides tracks of its own: each statement takes a batch, and is done when it finds no more.</summary>
    private static readonly string[] Rest =
    [
        """
        UPDATE tracks SET plan = plan || '{{"ignored": []}}',
            request = request || '{{"prompt": "", "lyrics": null, "voiceMemoId": null, "melody": null}}' #- '{{basePlan,ignored}}'
        WHERE id = ANY(ARRAY(
            SELECT id FROM tracks WHERE user_id = {0} AND deleted_at IS NULL AND contributed AND request->>'prompt' <> '' LIMIT {1}))
        """,
        // Who has no account asks like anybody.
        """
        UPDATE file_requests SET user_id = '00000000-0000-0000-0000-000000000000'
        WHERE ctid = ANY(ARRAY(SELECT ctid FROM file_requests WHERE user_id = {0} LIMIT {1}))
        """,
        .. ((string[])
        [
            "track_events", "member_positions", "voice_memos", "claims", "entitlements", "failure_streaks", "idempotency_keys",
            "export_parts", "downloads",
        ]).Select(table => $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE user_id = {{0}} LIMIT {{1}}))"),
    ];

    /// <summary>For as long its tracks are looked for again: requests that were on their way when the account went.</summary>
    private static readonly TimeSpan Stragglers = TimeSpan.FromMinutes(2);

    /// <summary>The news is committed in a moment.</summary>
    public void WakeSoon() =>
        _ = Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System).ContinueWith(_ => Wake(), TaskScheduler.Default);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var account in await AccountsAsync(cancellationToken))
        {
            while (await RemoveBatchAsync(account.UserId, cancellationToken) is { Count: > 0 } removed)
                await RemoveFilesAsync(removed, cancellationToken);
            await RemoveRestAsync(account, cancellationToken);
        }
    }

    private async Task<List<DeletedAccount>> AccountsAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GenerationDb>().Set<DeletedAccount>().AsNoTracking()
            .Where(a => a.FinishedAt == null).OrderBy(a => a.DeletedAt).Take(100).ToListAsync(cancellationToken);
    }

    /// <summary>What is left by a process that ends in the middle goes with the next sweep of files that belong to nothing.</summary>
    private async Task RemoveFilesAsync(List<Guid> tracks, CancellationToken cancellationToken)
    {
        foreach (var track in tracks)
            await store.DeleteAsync($"tracks/{track}/", cancellationToken);
        Log.LogInformation("{Count} tracks of a deleted account were removed", tracks.Count);
    }

    /// <summary>One batch in one transaction; returns which went.</summary>
    private async Task<List<Guid>> RemoveBatchAsync(Guid user, CancellationToken cancellationToken)
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
        return ids;
    }

    /// <summary>
    /// Everything but the tracks, in batches of their own. The zips' files after their rows: what a worker is still writing finds no row any
    /// more, and is thrown away.
    /// </summary>
    private async Task RemoveRestAsync(DeletedAccount account, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<GenerationDb>().Database;
        foreach (var statement in Rest)
            while (await database.ExecuteSqlRawAsync(statement, [account.UserId, Batch], cancellationToken) > 0) ;
        await store.DeleteAsync($"downloads/{account.UserId}/", cancellationToken);
        if (Clock.GetUtcNow() - account.DeletedAt > Stragglers)
            await database.ExecuteSqlAsync(
                $"UPDATE deleted_accounts SET finished_at = {Clock.GetUtcNow()} WHERE user_id = {account.UserId}", cancellationToken);
    }
}
