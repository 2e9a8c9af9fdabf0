using MassTransit;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Generations;

/// <summary>Deletes generations. A row without its words stays, so that nothing of the same id can come back.</summary>
internal sealed class TrackRemoval(
    GenerationDb db, Outbox outbox, IRequestClient<MayDelete> pool, ITrackStore store, CompletedTracks completed, TrackChanges changes,
    TimeProvider clock)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Removes it at once, a running one after cancelling it.</summary>
    /// <exception cref="ProblemException">409 when the pool counts on it or somebody claimed it, 503 when the pool cannot be
    /// asked.</exception>
    public async Task DeleteAsync(Track track)
    {
        if (!track.IsFinal)
            track = await changes.StopAsync(track);
        if (track.Status == TrackStatus.Completed)
            await AskPoolAsync(track);
        await RemoveAsync([track.Id]);
        completed.Drop(track.Id);
        await store.DeleteAsync($"tracks/{track.Id}/", CancellationToken.None);
    }

    /// <summary>Marks finished tracks deleted and publishes that. Their stored files go with the next sweep, if not before.</summary>
    public async Task RemoveAsync(IReadOnlyList<Guid> ids)
    {
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync() : null;
        var removed = await db.Tracks.FromSql(
            $$"""
            UPDATE tracks SET deleted_at = {{clock.GetUtcNow()}}, sequence = sequence + 1, title = '', plan = NULL,
                request = jsonb_build_object('prompt', '', 'durationSeconds', 0, 'instrumental', true, 'seed', 0, 'variation', 0)
            WHERE id = ANY({{ids.ToArray()}}) AND deleted_at IS NULL RETURNING *
            """).AsNoTracking().ToListAsync();
        var gone = removed.Select(t => t.Id).ToList();
        await db.TrackFiles.Where(f => gone.Contains(f.TrackId)).ExecuteDeleteAsync();
        await db.TrackEvents.Where(e => gone.Contains(e.TrackId)).ExecuteDeleteAsync();
        await db.Set<FileRequest>().Where(r => gone.Contains(r.TrackId)).ExecuteDeleteAsync();
        foreach (var track in removed)
            outbox.Publish(
                new GenerationDeleted { Sequence = track.Sequence, GenerationId = track.Id, UserId = track.UserId, Bytes = track.Bytes });
        await db.SaveChangesAsync();
        if (transaction is not null)
            await transaction.CommitAsync();
    }

    private async Task AskPoolAsync(Track track)
    {
        DeletionDecision decision;
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, clock);
            var question = new MayDelete { GenerationId = track.Id, UserId = track.UserId };
            decision = (await pool.GetResponse<DeletionDecision>(question, timeout.Token, Timeout).WaitAsync(Timeout, clock)).Message;
        }
        catch (Exception e) when (e is MassTransitException or OperationCanceledException or TimeoutException)
        {
            throw Problem.Unavailable(
                "Whether the community pool counts on this track cannot be found out at the moment. "
                + "Nothing was deleted; try again shortly.",
                Timeout);
        }

        if (decision.Allowed)
            return;
        throw decision.Denial == "claimed"
            ? Problem.Of(409, "claimed", "A member holds a licensed copy of this track; it cannot be deleted any more.")
            : Problem.Of(409, decision.Denial ?? "owed-to-pool",
                "This track is owed to the community pool and cannot be deleted; swap it for another one first.");
    }
}
