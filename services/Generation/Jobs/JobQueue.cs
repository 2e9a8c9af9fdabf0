using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Jobs;

/// <summary>The statements that move a job. Each is one conditional update; the lease token in its condition fences off workers that were given up.</summary>
/// <remarks>
/// Order: priority, then turn, then age. A job's turn is the one after its owner's last waiting job, but never before the turn that is being served:
/// a hundred jobs of one member take a hundred turns, and another member's single job joins the turn being served.
/// Leases go by the database's clock, so that replicas need not agree on the time.
/// </remarks>
internal sealed class JobQueue(GenerationDb db, Outbox outbox, ProgressBus bus, JobOptions options, TimeProvider clock)
{
    /// <summary>Takes the next job, or null when none waits.</summary>
    public async Task<Track?> TakeAsync(CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        var now = WholeMicroseconds(clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var taken = await db.Tracks.FromSql(
            $"""
            UPDATE generations SET status = 'composing', lease_token = {token}, lease_until = now() + {options.Lease}, attempts = attempts + 1,
                started_at = COALESCE(started_at, {now}), progress = 0, sequence = sequence + 1
            WHERE id = (SELECT id FROM generations WHERE status = 'queued' ORDER BY priority DESC, turn, id LIMIT 1 FOR UPDATE SKIP LOCKED)
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
            $"UPDATE generations SET lease_until = now() + {options.Lease}, progress = {progress} WHERE id = {id} AND lease_token = {token}", cancellationToken) == 1;

    /// <summary>The plan is made.</summary>
    public Task<bool> PlannedAsync(Guid id, Guid token, string provider, ProviderPlan plan) => MoveAsync(
        $"""
        UPDATE generations SET provider = {provider}, plan = {plan.Json}::jsonb, genre = {plan.Genre}, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "composing",
        new { plan = JsonDocument.Parse(plan.Json).Deserialize<PlanView>(JsonSerializerOptions.Web) });

    /// <summary>The job enters a stage; <paramref name="progress"/> is the percent of the whole at which it begins.</summary>
    public Task<bool> EnterAsync(Guid id, Guid token, TrackStatus stage, int progress)
    {
        var status = Name(stage);
        return MoveAsync(
            $"""
            UPDATE generations SET status = {status}, progress = {progress}, sequence = sequence + 1
            WHERE id = {id} AND lease_token = {token} AND status <> {status} RETURNING *
            """,
            status,
            new { percent = 0, progress });
    }

    /// <summary>The first seconds can be heard.</summary>
    public Task<bool> PreviewedAsync(Guid id, Guid token, TrackFile preview) => MoveAsync(
        $"UPDATE generations SET sequence = sequence + 1 WHERE id = {id} AND lease_token = {token} RETURNING *",
        "preview",
        new { url = $"/api/generations/{id}/preview" },
        _ => ReplaceFilesAsync([preview]));

    /// <summary>The track is there: state, files and event in one transaction. Files with a title in them that was changed meanwhile are left out: they are made again when they are asked for.</summary>
    public Task<bool> CompleteAsync(Guid id, Guid token, FinishedTrack track)
    {
        var untitled = track.Files.Where(f => f.Kind != "audio").ToList();
        var (bytes, bytesUntitled) = (track.Files.Sum(f => f.Bytes), untitled.Sum(f => f.Bytes));
        return MoveAsync(
            $"""
            UPDATE generations SET status = 'completed', progress = 100, duration_seconds = {track.DurationSeconds},
                bytes = CASE WHEN title = COALESCE(request->>'title', {track.Heading}) THEN {bytes} ELSE {bytesUntitled} END,
                title = CASE WHEN request->>'title' IS NULL AND title = {track.Heading} THEN {track.Title} ELSE title END,
                finished_at = {clock.GetUtcNow()}, played_at = {clock.GetUtcNow()}, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE id = {id} AND lease_token = {token} RETURNING *
            """,
            "completed",
            new { },
            async done =>
            {
                await ReplaceFilesAsync(done.Title == track.Title ? track.Files : untitled);
                outbox.Publish(Completed(done, track));
            });
    }

    /// <summary>The job ends without a track.</summary>
    /// <param name="reason">For its owner; no technical text.</param>
    public Task<bool> FailAsync(Guid id, Guid token, string reason) => MoveAsync(
        $"""
        UPDATE generations SET status = 'failed', reason = {reason}, finished_at = {clock.GetUtcNow()}, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "failed",
        new { reason },
        failed => TellFailureAsync(failed, reason));

    /// <summary>Puts a job back in front of the queue: this worker is told to stop, it is not the job's fault.</summary>
    public Task<bool> HandBackAsync(Guid id, Guid token) => MoveAsync(
        $"""
        UPDATE generations SET status = 'queued', turn = -1, attempts = attempts - 1, progress = 0, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
        WHERE id = {id} AND lease_token = {token} RETURNING *
        """,
        "queued",
        new { });

    /// <summary>Takes the jobs of dead workers away from them: back in front of the queue, or failed after too many deaths.</summary>
    public async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        var dead = await db.Database.SqlQuery<Guid>($"SELECT lease_token AS \"Value\" FROM generations WHERE lease_token IS NOT NULL AND lease_until < now()").ToListAsync(cancellationToken);
        foreach (var token in dead)
            await ReclaimAsync(token);
    }

    private async Task ReclaimAsync(Guid token)
    {
        const string reason = "The studio stopped several times while making this track. Nothing was counted; try again or change the request.";
        var failed = await MoveAsync(
            $"""
            UPDATE generations SET status = 'failed', reason = {reason}, finished_at = {clock.GetUtcNow()}, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE lease_token = {token} AND lease_until < now() AND attempts >= {options.MaxAttempts} RETURNING *
            """,
            "failed",
            new { reason },
            job => TellFailureAsync(job, reason));
        if (failed)
            return;
        await MoveAsync(
            $"""
            UPDATE generations SET status = 'queued', turn = -1, progress = 0, lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE lease_token = {token} AND lease_until < now() RETURNING *
            """,
            "queued",
            new { });
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({JobSignals.Queued}, '')");
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

    private async Task CommitAsync(Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Track job, string kind, object data)
    {
        db.Add(new TrackEvent
        {
            TrackId = job.Id,
            Sequence = job.Sequence,
            Kind = kind,
            Data = JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
            At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        bus.Stored(job.Id);
    }

    private Task TellFailureAsync(Track job, string reason)
    {
        outbox.Publish(new GenerationFailed { Sequence = job.Sequence, GenerationId = job.Id, UserId = job.UserId, Reason = reason });
        return Task.CompletedTask;
    }

    /// <summary>Of one kind and format a track has one file: that of the last attempt.</summary>
    private async Task ReplaceFilesAsync(IReadOnlyList<TrackFile> files)
    {
        foreach (var file in files)
        {
            await db.TrackFiles.Where(f => f.TrackId == file.TrackId && f.Kind == file.Kind && f.Format == file.Format).ExecuteDeleteAsync();
            db.Add(file);
        }
    }

    private static GenerationCompleted Completed(Track job, FinishedTrack track) => new()
    {
        Sequence = job.Sequence,
        GenerationId = job.Id,
        UserId = job.UserId,
        Tier = job.Tier,
        Allowance = job.Allowance,
        Quality = job.Quality,
        Title = job.Title,
        Genre = track.Plan.Genre,
        Mood = track.Plan.Mood,
        Tempo = track.Plan.Tempo,
        Key = track.Plan.Key,
        DurationSeconds = track.DurationSeconds,
        Bytes = job.Bytes,
        Visibility = job.Visibility,
        ParentId = job.ParentId,
    };

    // What the database keeps of a time, so that it can be compared with what comes back.
    private static DateTimeOffset WholeMicroseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static string Name(TrackStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>What an attempt made.</summary>
/// <param name="Title">As it stands in the files.</param>
/// <param name="Heading">The title the order was given when it brought none.</param>
internal sealed record FinishedTrack(string Title, string Heading, double DurationSeconds, ProviderPlan Plan, IReadOnlyList<TrackFile> Files);

/// <summary>A provider's plan: the facts of the track, and all of it as JSON in the API's shape with whatever else the provider wants to keep.</summary>
internal sealed record ProviderPlan(string Genre, string? Mood, double Tempo, string Key, string Json);
