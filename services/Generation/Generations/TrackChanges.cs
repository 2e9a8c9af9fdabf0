using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Generations;

/// <summary>What an owner changes about a generation.</summary>
internal sealed class TrackChanges(
    GenerationDb db, Outbox outbox, TrackFiles files, CompletedTracks completed, ProgressBus bus, TimeProvider clock)
{
    /// <summary>Sets title and visibility. Files with the old title in them are made again when they are next asked for.</summary>
    public async Task<Track> ChangeAsync(Track track, ChangeGeneration change)
    {
        var title = change.Title?.Trim() ?? track.Title;
        var visibility = (change.Visibility ?? track.Visibility).ToString().ToLowerInvariant();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET title = {title}, visibility = {visibility} WHERE id = {track.Id} AND deleted_at IS NULL");
        await files.PublishUpdateAsync(track.Id);
        await transaction.CommitAsync();
        completed.Drop(track.Id);
        return await db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == track.Id && t.DeletedAt == null)
            ?? throw Problem.NotFound("generation");
    }

    /// <summary>Cancels a job; again is fine.</summary>
    /// <exception cref="ProblemException">409 when it is finished.</exception>
    public async Task<Track> CancelAsync(Track track)
    {
        var ended = await StopAsync(track);
        return ended.Status == TrackStatus.Cancelled
            ? ended
            : throw Problem.Of(409, "already-finished", "It is finished; there is nothing to cancel.");
    }

    /// <summary>Cancels a job unless it has ended. The worker, if one has it, hears of it at once and leaves nothing.</summary>
    /// <returns>The generation as it ended, which may be otherwise than by this.</returns>
    public async Task<Track> StopAsync(Track track)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var changed = await db.Tracks.FromSql(
            $"""
            UPDATE tracks SET status = 'cancelled', finished_at = {clock.GetUtcNow()},
                lease_token = NULL, lease_until = NULL, sequence = sequence + 1
            WHERE id = {track.Id} AND status IN ('queued', 'composing', 'rendering', 'mastering') RETURNING *
            """).AsNoTracking().ToListAsync();
        if (changed is not [var cancelled])
            return await db.Tracks.AsNoTracking().SingleAsync(t => t.Id == track.Id);

        outbox.Publish(new GenerationCancelled { Sequence = cancelled.Sequence, GenerationId = track.Id, UserId = track.UserId });
        await db.TrackFiles.Where(f => f.TrackId == track.Id).ExecuteDeleteAsync();
        await db.SaveChangesAsync();
        await db.AddEventAsync(cancelled, "cancelled", new { }, clock.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.JobCancelled}, {track.Id.ToString()})");
        await transaction.CommitAsync();
        bus.Stored(cancelled);
        return cancelled;
    }
}
