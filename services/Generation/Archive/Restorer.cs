using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Archive;

/// <summary>Brings tracks back from the archive: their master is made of the archived file, and takes its place.</summary>
/// <remarks>
/// A restore is a request for the master in the queue of files; <see cref="Track.RestoreRequestedAt"/> shows that it is under way.
/// </remarks>
internal sealed class Restorer(GenerationDb db, FileRequests requests, MasterConverter converter, TrackFiles files,
    RestoreProgress progress, TimeProvider clock, ILogger<Restorer> log)
{
    /// <summary>Only what is back for good is complete.</summary>
    private const int AlmostDone = 99;

    /// <summary>Notes that somebody wants the track back. Asking again changes nothing.</summary>
    public async Task RequestAsync(Guid id, Guid user)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET restore_requested_at = now()
            WHERE id = {id} AND archived_at IS NOT NULL AND restore_requested_at IS NULL AND deleted_at IS NULL
            """);
        await requests.AddAsync(id, FileSpec.Master, user);
        await transaction.CommitAsync();
    }

    /// <summary>A worker's part: restores the track, if it is still in the archive, and ends the request.</summary>
    /// <exception cref="LeaseLostException">Another worker is at it; nothing is kept.</exception>
    public async Task RestoreAsync(FileRequest request, Lease lease)
    {
        var track = await db.Tracks.AsNoTracking()
            .FirstOrDefaultAsync(t => t.Id == request.TrackId && t.ArchivedAt != null && t.DeletedAt == null, lease.Lost);
        var master = track is null ? null : await ConvertAsync(track, lease.Lost);
        var kept = false;
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            await lease.EnsureHeldAsync(db);
            kept = master is not null && await KeepAsync(request.TrackId, master);
            await db.Database.ExecuteSqlAsync($"UPDATE tracks SET restore_requested_at = NULL WHERE id = {request.TrackId}");
            await requests.EndAsync(request);
            await transaction.CommitAsync(CancellationToken.None);
        }
        finally
        {
            // After a failure of the database nobody knows whether it was kept; if not, it is swept.
            if (!kept && master is not null)
                await converter.DiscardAsync(master);
        }

        if (track is not null)
            progress.End(track);
    }

    private async Task<TrackFile?> ConvertAsync(Track track, CancellationToken cancellationToken)
    {
        progress.Report(track, 0);
        var archived = await db.TrackFiles.AsNoTracking()
            .FirstOrDefaultAsync(f => f.TrackId == track.Id && f.Kind == FileKind.Archive, cancellationToken);
        try
        {
            var master = archived is null ? null : await converter.ConvertAsync(
                track, archived, FileSpec.Master, Contracts.Quality.Standard, cancellationToken, written => Report(track, written));
            if (master is null)
                log.LogError("The archived file of {Track} is lost", track.Id);
            return master;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogError(e, "Track {Track} could not be restored", track.Id);
            return null;
        }
    }

    private void Report(Track track, TimeSpan written)
    {
        if (track.DurationSeconds is { } seconds and > 0)
            progress.Report(track, (int)Math.Min(AlmostDone, written.TotalSeconds / seconds * 100));
    }

    /// <summary>Makes it the track's master; the archived file itself goes with the next sweep.</summary>
    /// <returns>False: the track was deleted meanwhile.</returns>
    private async Task<bool> KeepAsync(Guid track, TrackFile master)
    {
        var now = clock.GetUtcNow();
        if (await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET archived_at = NULL, played_at = {now} WHERE id = {track} AND deleted_at IS NULL") == 0)
            return false;
        await db.TrackFiles.Where(f => f.TrackId == track && f.Kind == FileKind.Archive).ExecuteDeleteAsync();
        await files.ReplaceAsync([master]);
        await files.PublishUpdateAsync(track);
        return true;
    }
}
