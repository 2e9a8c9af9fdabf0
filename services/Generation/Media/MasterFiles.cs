using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Finds a track's master, and brings it back from cold storage when it lies there.</summary>
internal sealed class MasterFiles(GenerationDb db, ITrackStore store, Restorations restorations, FileLedger ledger)
{
    public FileLedger Ledger => ledger;

    /// <exception cref="ProblemException">404: the track has gone. 503: it is not back from cold storage yet.</exception>
    public async Task<(string Path, TrackFile File)> GetAsync(Track track)
    {
        if (await FindAsync(track.Id) is { } there)
            return there;
        await restorations.RestoreAsync(track.Id);
        return await FindAsync(track.Id) ?? throw Problem.NotFound("file");
    }

    private async Task<(string Path, TrackFile File)?> FindAsync(Guid track)
    {
        var file = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == track && f.Kind == "master");
        return file is not null && await store.GetAsync(file.Key, CancellationToken.None) is { } path ? (path, file) : null;
    }
}
