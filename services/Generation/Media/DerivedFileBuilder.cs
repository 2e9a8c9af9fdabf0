using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Media;

/// <summary>How each kind of file is made of a finished track. A worker's part.</summary>
internal sealed class DerivedFileBuilder(
    GenerationDb db, TrackFiles files, FileRequests requests, ITrackStore store, MediaFolder folder, FileMakers makers, TimeProvider clock)
{
    /// <summary>Makes the file, unless it is there meanwhile, and ends the request.</summary>
    /// <exception cref="LeaseLostException">Another worker is at it; nothing is kept.</exception>
    public async Task BuildAsync(FileRequest request, Lease lease)
    {
        var track = await db.Tracks.AsNoTracking()
            .FirstOrDefaultAsync(t => t.Id == request.TrackId && t.Status == TrackStatus.Completed && t.DeletedAt == null, lease.Lost);
        if (track is null || await files.FindAsync(track, request.Spec, lease.Lost) is not null)
        {
            await requests.EndAsync(request);
            return;
        }

        var scratch = folder.CreateScratch(Guid.NewGuid().ToString("N"));
        try
        {
            var output = Path.Combine(scratch, request.Spec.ToString());
            await makers.MakeAsync(track, request.Spec, output, lease.Lost);
            await KeepAsync(track, request, lease, output);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task KeepAsync(Track track, FileRequest request, Lease lease, string output)
    {
        var key = $"tracks/{track.Id}/{Guid.NewGuid():N}/{request.Spec}";
        var made = TrackFile.Of(track.Id, request.Spec, key, await store.PutAsync(key, output, lease.Lost), track.Title, clock.GetUtcNow());
        var kept = false;
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await lease.EnsureHeldAsync(db);
            // Locked, so that a deletion that comes now removes the file's row, too.
            if (await db.Tracks.FromSql($"SELECT * FROM tracks WHERE id = {track.Id} AND deleted_at IS NULL FOR UPDATE").AsNoTracking()
                .AnyAsync())
            {
                kept = true;
                await files.ReplaceAsync([made]);
                await files.PublishUpdateAsync(track.Id);
            }

            await requests.EndAsync(request);
            await transaction.CommitAsync();
        }
        finally
        {
            // After a failure of the database nobody knows whether it was kept; if not, it is swept.
            if (!kept)
                await store.DeleteAsync(key, CancellationToken.None);
        }
    }
}
