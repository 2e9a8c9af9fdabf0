using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Generation.Media;

/// <summary>Files that are made from a track's stored ones when they are first asked for, and kept.</summary>
/// <remarks>An advisory lock of the database makes it one maker over all replicas; the others wait and find the file.</remarks>
internal sealed class DerivedFiles(GenerationDb db, NpgsqlDataSource database, ITrackStore store, MediaFolder folder, FileMakers makers, MasterFiles masters)
{
    /// <summary>A local copy of the file, made if need be.</summary>
    public async Task<(string Path, TrackFile File)> GetAsync(Track track, string kind, string format)
    {
        if (await FindAsync(track.Id, kind, format) is { } there)
            return there;
        // What the archive takes for it is waited for here, not by those who queue for the lock.
        await masters.GetAsync(track);
        // Made to the end, even if this caller leaves: the next one wants it, too.
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using (var hold = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", connection, transaction) { CommandTimeout = 120 })
        {
            hold.Parameters.AddWithValue($"{track.Id:N}/{kind}/{format}");
            await hold.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return await FindAsync(track.Id, kind, format) ?? await MakeAsync(track, kind, format);
    }

    /// <summary>A local copy of a file that is stored, or null.</summary>
    public async Task<(string Path, TrackFile File)?> FindAsync(Guid track, string kind, string format)
    {
        var file = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == track && f.Kind == kind && f.Format == format);
        return file is not null && await store.GetAsync(file.Key, CancellationToken.None) is { } path ? (path, file) : null;
    }

    private async Task<(string Path, TrackFile File)> MakeAsync(Track track, string kind, string format)
    {
        var scratch = folder.CreateScratch(Guid.NewGuid().ToString("N"));
        try
        {
            var master = await masters.GetAsync(track);
            var output = Path.Combine(scratch, $"{kind}.{format}");
            try
            {
                await makers.MakeAsync(track, kind, format, master.Path, output);
            }
            catch (Exception e) when (e is ToolException or IOException && !File.Exists(master.Path))
            {
                // It went into the archive at this moment, or was deleted: then there is no other.
                master = await masters.GetAsync(track);
                await makers.MakeAsync(track, kind, format, master.Path, output);
            }

            var key = $"{master.File.Key[..(master.File.Key.LastIndexOf('/') + 1)]}{kind}-{Guid.NewGuid():N}.{format}";
            var stored = await store.PutAsync(key, output, CancellationToken.None);
            var file = new TrackFile { TrackId = track.Id, Kind = kind, Format = format, Key = key, Bytes = stored.Bytes, Checksum = stored.Checksum };
            if (!await masters.Ledger.AddAsync(file))
            {
                await store.DeleteAsync(key, CancellationToken.None);
                throw Problem.NotFound("generation");
            }

            return (await store.GetAsync(key, CancellationToken.None) ?? throw Problem.NotFound("file"), file);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
