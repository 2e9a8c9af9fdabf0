using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Finds a track's master, and brings it back from cold storage when it lies there.</summary>
internal sealed class MasterFiles(GenerationDb db, ITrackStore store, ColdStorage cold, FileLedger ledger)
{
    public FileLedger Ledger => ledger;

    /// <exception cref="ProblemException">404: the track has gone.</exception>
    public async Task<(string Path, TrackFile File)> GetAsync(Track track)
    {
        if (await FindAsync(track.Id) is { } there)
            return there;
        // Two formats asked for at once thaw once: the second finds the first one's master.
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{track.Id:N}/thaw"}, 0))");
        if (await FindAsync(track.Id) is { } meanwhile)
            return meanwhile;
        var master = await cold.ThawAsync(track) ?? throw Problem.NotFound("file");
        await transaction.CommitAsync();
        return (await store.GetAsync(master.Key, CancellationToken.None) ?? throw Problem.NotFound("file"), master);
    }

    private async Task<(string Path, TrackFile File)?> FindAsync(Guid track)
    {
        var file = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == track && f.Kind == "master");
        return file is not null && await store.GetAsync(file.Key, CancellationToken.None) is { } path ? (path, file) : null;
    }
}
