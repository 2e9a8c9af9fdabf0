using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Jobs;

/// <summary>
/// The statements that move a job. Each is one conditional update; the lease token in its condition fences off workers that were given up.
/// </summary>
/// <remarks>
/// Order: priority, then turn, then age. A job's turn is the one after its owner's last waiting job, but never before the turn that is
/// being served:
/// a hundred jobs of one member take a hundred turns, and another member's single job joins the turn being served.
/// Leases go by the database's clock, so that replicas need not agree on the time.
/// </remarks>
internal sealed class JobQueue(
    GenerationDb db, TrackFiles files, FailureStreaks streaks, Outbox outbox, ProgressBus bus, JobOptions options, TimeProvider clock)
{
    /// <summary>Takes the next job, or null when none waits.</summary>
    public async Task<Track?> TakeAsync(CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        var now = WholeMicroseconds(clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await db.Tracks.FromSql(
            $"""
            UPDATE tracks SET status = 'composing', lease_token = {token}, lease_until = now() + {options.Lease}, attempts = attempts + 1,
                started_at = COALESCE(started_at, {now}), progress = 0, sequence = sequence + 1
            WHERE id = (SELECT id FROM tracks WHERE status = 'queued' ORDER BY priority DESC, turn, id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        if (taken is not [var job])
            return null;
        if (job.StartedAt == now)
            outbox.Publish(new GenerationStarted { Sequence = job.Sequence, GenerationId = job.Id, UserId = job.UserId });
        await CommitAsync(transaction, job, "composing", new { attempt = job.Attempts });
        return job;
    }

    /// <summary>Prolongs the lease. False: it is lost, stop.</summary>
    public async Task<bool> HeartbeatAsync(Guid id, Guid token, int progress, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET lease_until = now() + {options.Lease}, progress = {progress} WHERE id = {id} AND lease_token = {token}",
            cancellationToken) == 1;

    /// <summary>The plan is made.</summary>
    public Task<bool> PlannedAsync(Guid id, Guid token, string provider, TrackPlan plan) => MoveAsync(
        $"""
        UPDATE tracks SET provider = {provider}, plan = {plan.Json}::jsonb, genre = {plan.Genre}, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "composing",
        new { plan = PlanView.Of(plan.Json) });

    /// <summary>Keeps where its provider makes the job, or that it is made nowhere else any more. False: the lease is lost.</summary>
    /// <remarks>Nobody sees it, and nothing follows from it: no event.</remarks>
    public async Task<bool> CheckpointAsync(Guid id, Guid token, ProviderCheckpoint? checkpoint)
    {
        var json = checkpoint is null ? null : JsonSerializer.Serialize(checkpoint, JsonSerializerOptions.Web);
        return await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET checkpoint = {json}::jsonb WHERE id = {id} AND lease_token = {token}") == 1;
    }

    /// <summary>Whether nobody will go on with the job.</summary>
    public Task<bool> HasEndedAsync(Guid id) => db.Tracks.AnyAsync(
        t => t.Id == id && (t.Status == TrackStatus.Completed || t.Status == TrackStatus.Failed || t.Status == TrackStatus.Cancelled));

    /// <summary>The job enters a stage; <paramref name="progress"/> is the percent of the whole at which it begins.</summary>
    public Task<bool> EnterAsync(Guid id, Guid token, TrackStatus stage, int progress)
    {
        var status = Name(stage);
        return MoveAsync(
            $"""
            UPDATE tracks SET status = {status}, progress = {progress}, sequence = sequence + 1
            WHERE id = {id} AND lease_token = {token} AND status <> {status} RETURNING *
            """,
            status,
            new { percent = 0, progress });
    }

    /// <summary>The first seconds can be heard.</summary>
    public Task<bool> PreviewedAsync(Guid id, Guid token, TrackFile preview) => MoveAsync(
        $"UPDATE tracks SET sequence = sequence + 1 WHERE id = {id} AND lease_token = {token} RETURNING *",
        "preview",
        new { url = $"/api/generations/{id}/preview" },
        _ => files.ReplaceAsync([preview]));

    /// <summary>
    /// The track is there: state, files, measures and event in one transaction. A title that was changed meanwhile stays.
    /// </summary>
    public Task<bool> CompleteAsync(Guid id, Guid token, FinishedTrack track)
    {
        var measures = track.Measures;
        return MoveAsync(
            $"""
            UPDATE tracks SET status = 'completed', progress = 100, duration_seconds = {track.DurationSeconds},
                bytes = {track.Files.Sum(f => f.Bytes)},
                title = CASE WHEN request->>'title' IS NULL AND title = {track.DefaultTitle} THEN {track.Title} ELSE title END,
                palette = {measures.Palette}, peaks = {measures.Peaks}, features = {measures.Features},
                measures_version = {TrackMeasurer.Version},
                finished_at = {clock.GetUtcNow()}, played_at = {clock.GetUtcNow()}, checkpoint = NULL,
                lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE id = {id} AND lease_token = {token} RETURNING *
            """,
            "completed",
            new { },
            async done =>
            {
                await files.ReplaceAsync(track.Files);
                await streaks.EndAsync(done.UserId);
                outbox.Publish(done.Completed(done.Sequence));
            });
    }

    /// <summary>The job ends without a track, and nobody works at it any more.</summary>
    public Task<bool> FailAsync(Guid id, Guid token, FailureReason reason) => MoveAsync(
        $"""
        UPDATE tracks SET status = 'failed', reason = {EnumNames<FailureReason>.Of(reason)}, finished_at = {clock.GetUtcNow()}, checkpoint = NULL,
            lease_token = NULL, lease_until = NULL, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "failed",
        FailureData(reason),
        failed => PublishFailureAsync(failed, reason));

    /// <summary>Puts a job back in front of the queue: this worker is told to stop, it is not the job's fault.</summary>
    public Task<bool> RequeueAsync(Guid id, Guid token) => MoveAsync(
        $"""
        UPDATE tracks SET status = 'queued', turn = -1, attempts = attempts - 1, progress = 0,
            lease_token = NULL, lease_until = NULL, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "queued",
        new { });

    /// <summary>Takes the jobs of dead workers away from them: back in front of the queue, or failed after too many deaths.</summary>
    public async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        var dead = await db.Database.SqlQuery<Guid>(
            $"SELECT lease_token AS \"Value\" FROM tracks WHERE lease_token IS NOT NULL AND lease_until < now()")
                .ToListAsync(cancellationToken);
        foreach (var token in dead)
            await ReclaimAsync(token);
    }

    private async Task ReclaimAsync(Guid token)
    {
        const FailureReason reason = FailureReason.Interrupted;
        var failed = await MoveAsync(
            $"""
            UPDATE tracks SET status = 'failed', reason = {EnumNames<FailureReason>.Of(reason)}, finished_at = {clock.GetUtcNow()},
                lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE lease_token = {token} AND lease_until < now() AND attempts >= {options.MaxAttempts} RETURNING *
            """,
            "failed",
            FailureData(reason),
            job => PublishFailureAsync(job, reason));
        if (failed)
            return;
        await MoveAsync(
            $"""
            UPDATE tracks SET status = 'queued', turn = -1, progress = 0, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE lease_token = {token} AND lease_until < now() RETURNING *
            """,
            "queued",
            new { });
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.JobsQueued}, '')");
    }

    private async Task<bool> MoveAsync(FormattableString update, string kind, object data, Func<Track, Task>? also = null)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await db.Tracks.FromSql(update).AsNoTracking().ToListAsync() is not [var job])
            return false;
        if (also is not null)
            await also(job);
        await CommitAsync(transaction, job, kind, data);
        return true;
    }

    private async Task CommitAsync(IDbContextTransaction transaction, Track job, string kind, object data)
    {
        await db.SaveChangesAsync();
        await db.AddEventAsync(job, kind, data, clock.GetUtcNow());
        await transaction.CommitAsync();
        bus.Stored(job);
    }

    private Task PublishFailureAsync(Track job, FailureReason reason)
    {
        outbox.Publish(
            new GenerationFailed { Sequence = job.Sequence, GenerationId = job.Id, UserId = job.UserId, Reason = reason.Sentence() });
        return streaks.AddAsync(job.UserId);
    }

    private static object FailureData(FailureReason reason) => new { reason = reason.Sentence(), reasonCode = reason };

    // What the database keeps of a time, so that it can be compared with what comes back.
    private static DateTimeOffset WholeMicroseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static string Name(TrackStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>What an attempt made.</summary>
/// <param name="Title">As it stands in the files.</param>
/// <param name="DefaultTitle">The title the request was given when it brought none.</param>
internal sealed record FinishedTrack(
    string Title, string DefaultTitle, double DurationSeconds, Measurements Measures, IReadOnlyList<TrackFile> Files);
