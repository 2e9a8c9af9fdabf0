using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Archive;

/// <summary>Puts one track into cold storage.</summary>
internal sealed class ColdStorage(GenerationDb db, TrackConverter converter, ITrackStore store, FileLedger ledger, TimeProvider clock)
{
    private static readonly string[] Warm = ["master", "audio", "preview", "stems"];

    /// <summary>Freezes a track, unless somebody played it meanwhile.</summary>
    public async Task FreezeAsync(Track track, DateTimeOffset unplayedSince, CancellationToken cancellationToken)
    {
        var files = await db.TrackFiles.AsNoTracking().Where(f => f.TrackId == track.Id && Warm.Contains(f.Kind)).ToListAsync(cancellationToken);
        var master = files.FirstOrDefault(f => f.Kind == "master");
        if (master is null || await converter.ConvertAsync(track, master, new Conversion("cold", "opus", Quality.High), cancellationToken) is not { } cold)
            return;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            if (await db.Database.ExecuteSqlAsync(
                $"UPDATE generations SET archived_at = {now} WHERE id = {track.Id} AND archived_at IS NULL AND deleted_at IS NULL AND played_at < {unplayedSince}", cancellationToken) == 0)
            {
                await converter.DiscardAsync(cold);
                return;
            }

            await db.TrackFiles.Where(f => f.TrackId == track.Id && Warm.Contains(f.Kind)).ExecuteDeleteAsync(cancellationToken);
            db.Add(cold);
            await db.SaveChangesAsync(cancellationToken);
            await ledger.TellAsync(track.Id);
            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var file in files)
            await store.DeleteAsync(file.Key, CancellationToken.None);
    }
}
