using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Archive;

/// <summary>Puts one track into the archive.</summary>
internal sealed class Archiver(GenerationDb db, MasterConverter converter, ITrackStore store, TrackFiles trackFiles, TimeProvider clock)
{
    private static readonly FileSpec Archived = new(FileKind.Archive, FileFormat.Opus);
    private static readonly FileKind[] Replaced = [FileKind.Master, FileKind.Audio, FileKind.Preview, FileKind.Stems];

    /// <summary>Archives a track, unless somebody played it meanwhile.</summary>
    public async Task ArchiveAsync(Track track, DateTimeOffset unplayedSince, CancellationToken cancellationToken)
    {
        var files = await db.TrackFiles.AsNoTracking().Where(f => f.TrackId == track.Id && Replaced.Contains(f.Kind))
            .ToListAsync(cancellationToken);
        var master = files.FirstOrDefault(f => f.Kind == FileKind.Master);
        if (master is null || await converter.ConvertAsync(track, master, Archived, Quality.High, cancellationToken) is not { } archived)
            return;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            if (await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE tracks SET archived_at = {now}
                WHERE id = {track.Id} AND archived_at IS NULL AND deleted_at IS NULL AND played_at < {unplayedSince}
                """,
                cancellationToken) == 0)
            {
                await converter.DiscardAsync(archived);
                return;
            }

            await db.TrackFiles.Where(f => f.TrackId == track.Id && Replaced.Contains(f.Kind)).ExecuteDeleteAsync(cancellationToken);
            await trackFiles.ReplaceAsync([archived]);
            await trackFiles.PublishUpdateAsync(track.Id);
            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var file in files)
            await store.DeleteAsync(file.Key, CancellationToken.None);
    }
}
