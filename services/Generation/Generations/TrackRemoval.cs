using MassTransit;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Generations;

/// <summary>Deletes generations. A row without its words stays, so that nothing of the same id can come back.</summary>
internal sealed class TrackRemoval(
    GenerationDb db, Outbox outbox, IRequestClient<MayDelete> pool, ITrackStore store, TrackChanges changes, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Removes it at once, a running one after calling it off.</summary>
    /// <exception cref="ProblemException">409 when the pool counts on it, 503 when the pool cannot be asked.</exception>
    public async Task DeleteAsync(Track track)
    {
        if (!track.IsFinal)
            track = await changes.StopAsync(track);
        if (track.Status == TrackStatus.Completed)
            await AskPoolAsync(track);
        await RemoveAsync(track);
        await store.DeleteAsync($"tracks/{track.Id}/", CancellationToken.None);
    }

    /// <summary>Marks it deleted and publishes that, in the current transaction or one of its own.</summary>
    public async Task RemoveAsync(Track track)
    {
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync() : null;
        var removed = await db.Tracks.FromSql(
            $$"""
            UPDATE generations SET deleted_at = {{clock.GetUtcNow()}}, sequence = sequence + 1, title = '', plan = NULL,
                request = jsonb_build_object('prompt', '', 'durationSeconds', 0, 'instrumental', true, 'seed', 0, 'variation', 0)
            WHERE id = {{track.Id}} AND deleted_at IS NULL RETURNING *
            """).AsNoTracking().ToListAsync();
        foreach (var gone in removed)
        {
            await db.TrackFiles.Where(f => f.TrackId == gone.Id).ExecuteDeleteAsync();
            await db.TrackEvents.Where(e => e.TrackId == gone.Id).ExecuteDeleteAsync();
            outbox.Publish(new GenerationDeleted { Sequence = gone.Sequence, GenerationId = gone.Id, UserId = gone.UserId, Bytes = gone.Bytes });
        }

        await db.SaveChangesAsync();
        if (transaction is not null)
            await transaction.CommitAsync();
    }

    private async Task AskPoolAsync(Track track)
    {
        DeletionDecision decision;
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            decision = (await pool.GetResponse<DeletionDecision>(new MayDelete { GenerationId = track.Id, UserId = track.UserId }, patience.Token, Patience)).Message;
        }
        catch (Exception e) when (e is MassTransitException or OperationCanceledException)
        {
            throw Problem.Unavailable("Whether the community pool counts on this track cannot be found out at the moment. Nothing was deleted; try again shortly.", Patience);
        }

        if (!decision.Allowed)
            throw Problem.Of(409, decision.Denial ?? "owed-to-pool", "This track is owed to the community pool and cannot be deleted.");
    }
}
