using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Storage;

/// <summary>Records what is stored of finished tracks, and tells billing when their size changes.</summary>
internal sealed class FileLedger(GenerationDb db, Outbox outbox)
{
    /// <summary>Adds a file, or takes the place of the one of its kind and format.</summary>
    /// <returns>False: the track was deleted meanwhile, nothing is recorded.</returns>
    public async Task<bool> AddAsync(TrackFile file)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // Locked, so that a deletion that comes now removes the file's row, too.
        if (await db.Tracks.FromSql($"SELECT * FROM generations WHERE id = {file.TrackId} AND deleted_at IS NULL FOR UPDATE").AsNoTracking().ToListAsync() is [])
            return false;
        var exists = await db.TrackFiles.AsNoTracking().AnyAsync(f => f.TrackId == file.TrackId && f.Kind == file.Kind && f.Format == file.Format);
        db.Entry(file).State = exists ? EntityState.Modified : EntityState.Added;
        await db.SaveChangesAsync();
        await TellAsync(file.TrackId);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Inside a transaction: sums the stored files up and publishes the new size, title and visibility.</summary>
    public async Task TellAsync(Guid id)
    {
        var changed = await db.Tracks.FromSql(
            $"""
            UPDATE generations SET bytes = (SELECT COALESCE(sum(bytes), 0)::bigint FROM generation_files WHERE generation_id = {id}), sequence = sequence + 1
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
}
