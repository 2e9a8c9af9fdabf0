using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Archive;

/// <summary>How an attempt at a restoring ended.</summary>
internal enum Thaw
{
    /// <summary>There is nothing left to do: the track is back, deleted, or its cold file is lost.</summary>
    Settled,

    /// <summary>Somebody else is at it.</summary>
    Busy,

    /// <summary>It is in the archive as before, and can be asked for again.</summary>
    Failed,
}

/// <summary>Brings one track back from cold storage.</summary>
/// <remarks>
/// An advisory lock of the database, held by the transaction that writes the result, makes it one restoring over all replicas.
/// The lock of a replica that dies goes with its connection; the request stays, and the next replica begins again.
/// </remarks>
internal sealed class Thawing(GenerationDb db, TrackConverter converter, FileLedger ledger, RestoreProgress progress, TimeProvider clock, ILogger<Thawing> log)
{
    private static readonly Conversion Master = new("master", "flac", Quality.Standard);

    /// <summary>Longer than any restoring takes, which is how long one waits for another.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(6);

    /// <summary>Only what is back for good is complete.</summary>
    private const int AlmostDone = 99;

    /// <summary>Notes that somebody wants the track, and wakes the restorers. Asking again changes nothing.</summary>
    public Task AskAsync(Guid id) => db.Database.ExecuteSqlAsync(
        $"""
        WITH asked AS (
            UPDATE generations SET restore_requested_at = now()
            WHERE id = {id} AND archived_at IS NOT NULL AND restore_requested_at IS NULL AND deleted_at IS NULL RETURNING id)
        SELECT pg_notify({JobSignals.RestoreAsked}, id::text) FROM asked
        """);

    /// <summary>Restores the track, unless that is done when its turn comes.</summary>
    /// <param name="wait">For whoever is at it already; else that is <see cref="Thaw.Busy"/>.</param>
    public async Task<Thaw> RestoreAsync(Guid id, bool wait, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(Turn);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await TakeAsync($"{id:N}/thaw", wait, cancellationToken))
            return Thaw.Busy;
        var track = await db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.ArchivedAt != null && t.DeletedAt == null, cancellationToken);
        if (track is null)
            return Thaw.Settled;
        var outcome = await ThawAsync(track, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        progress.End(track);
        return outcome;
    }

    private async Task<bool> TakeAsync(string name, bool wait, CancellationToken cancellationToken)
    {
        if (!wait)
            return (await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock(hashtextextended({name}, 0)) AS \"Value\"").ToListAsync(cancellationToken))[0];
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
        return true;
    }

    private async Task<Thaw> ThawAsync(Track track, CancellationToken cancellationToken)
    {
        var cold = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == track.Id && f.Kind == "cold", cancellationToken);
        var master = default(TrackFile);
        var outcome = Thaw.Settled;
        progress.Tell(track, 0);
        try
        {
            master = cold is null ? null : await converter.ConvertAsync(track, cold, Master, cancellationToken, written => Tell(track, written));
            if (master is null)
                log.LogError("The cold file of {Track} is lost", track.Id);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError(e, "Track {Track} could not be restored", track.Id);
            outcome = Thaw.Failed;
        }

        if (master is not null)
            await KeepAsync(track, master);
        else
            await db.Database.ExecuteSqlAsync($"UPDATE generations SET restore_requested_at = NULL WHERE id = {track.Id}", CancellationToken.None);
        return outcome;
    }

    private void Tell(Track track, TimeSpan written)
    {
        if (track.DurationSeconds is { } seconds and > 0)
            progress.Tell(track, (int)Math.Min(AlmostDone, written.TotalSeconds / seconds * 100));
    }

    /// <summary>Makes it the track's master; the cold file itself goes with the next sweep. Of a track that was deleted meanwhile nothing is kept.</summary>
    private async Task KeepAsync(Track track, TrackFile master)
    {
        var now = clock.GetUtcNow();
        if (await db.Database.ExecuteSqlAsync(
            $"UPDATE generations SET archived_at = NULL, restore_requested_at = NULL, played_at = {now} WHERE id = {track.Id} AND deleted_at IS NULL", CancellationToken.None) == 0)
        {
            await converter.DiscardAsync(master);
            return;
        }

        await db.TrackFiles.Where(f => f.TrackId == track.Id && (f.Kind == "cold" || f.Kind == "master")).ExecuteDeleteAsync(CancellationToken.None);
        db.Add(master);
        await db.SaveChangesAsync(CancellationToken.None);
        await ledger.TellAsync(track.Id);
    }
}
