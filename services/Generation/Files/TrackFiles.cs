using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Files;

/// <summary>A stored file, and where it can be read.</summary>
internal sealed record LocalFile(string Path, TrackFile File);

/// <summary>What is stored of tracks. Billing hears when the size of a finished one changes.</summary>
internal sealed class TrackFiles(GenerationDb db, ITrackStore store, Outbox outbox, CompletedTracks completed)
{
    /// <summary>
    /// A file with a local copy, or null. One with an old title in it is not the file any more, unless <paramref name="anyTitle"/>.
    /// </summary>
    public async Task<LocalFile?> FindAsync(Track track, FileSpec spec, CancellationToken cancellationToken, bool anyTitle = false)
    {
        if (completed.Find(track, spec) is { } known && (anyTitle || HasTitle(known.File, track)))
            return known;
        var file = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(
            f => f.TrackId == track.Id && f.Kind == spec.Kind && f.Format == spec.Format && f.Variant == spec.Variant, cancellationToken);
        if (file is null || !(anyTitle || HasTitle(file, track)) || await store.GetAsync(file.Key, cancellationToken) is not { } path)
            return null;
        var found = new LocalFile(path, file);
        completed.Keep(track, found);
        return found;
    }

    /// <summary>Inside a transaction: of one kind, format and variant a track has one file, the last that was stored.</summary>
    /// <remarks>Those whose place they take are left to <see cref="OrphanSweeper"/>: somebody may be reading them.</remarks>
    public async Task ReplaceAsync(IReadOnlyCollection<TrackFile> files)
    {
        foreach (var file in files)
        {
            var old = await db.TrackFiles.FromSql(
                $"""
                DELETE FROM track_files
                WHERE track_id = {file.TrackId} AND kind = {Name(file.Kind)} AND format = {Name(file.Format)} AND variant = {file.Variant}
                RETURNING *
                """).AsNoTracking().ToListAsync();
            foreach (var gone in old)
                file.StoredAt = file.StoredAt > gone.StoredAt ? file.StoredAt : gone.StoredAt.AddSeconds(1);
            db.Add(file);
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Inside a transaction: sums the stored files up and publishes the track's size, title and visibility.</summary>
    public async Task PublishUpdateAsync(Guid id)
    {
        var changed = await db.Tracks.FromSql(
            $"""
            UPDATE tracks SET bytes = (SELECT COALESCE(sum(bytes), 0)::bigint FROM track_files WHERE track_id = {id}),
                sequence = sequence + 1
            WHERE id = {id} AND status = 'completed' AND deleted_at IS NULL RETURNING *
            """).AsNoTracking().ToListAsync();
        foreach (var track in changed)
        {
            outbox.Publish(new GenerationUpdated
            {
                Sequence = track.Sequence,
                GenerationId = track.Id,
                UserId = track.UserId,
                Title = track.Title,
                Visibility = track.Visibility,
                Bytes = track.Bytes,
            });
        }

        await db.SaveChangesAsync();
    }

    private static bool HasTitle(TrackFile file, Track track) => file.Title is null || file.Title == track.Title;

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
