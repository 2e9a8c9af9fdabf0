using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Files;

/// <summary>
/// Removes files that belong to nothing: of attempts that were killed, of deleted tracks, and scratch and cached copies nobody uses any
/// more.
/// </summary>
internal sealed class OrphanSweeper(
    IServiceScopeFactory scopes, ITrackStore store, MediaFolder folder, TimeProvider clock, ILogger<OrphanSweeper> log)
    : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    /// <summary>Younger files may belong to an attempt that is still at work.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(2);
    private static readonly TimeSpan CacheAge = TimeSpan.FromDays(1);
    private const int Batch = 500;

    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>One sweep; returns how many stored files it removed.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = Clock.GetUtcNow() - Age;
        var removed = 0;
        var batch = new List<string>();
        await foreach (var stored in store.ListAsync("tracks/", cancellationToken))
        {
            if (stored.StoredAt < before)
                batch.Add(stored.Key);
            if (batch.Count < Batch)
                continue;
            removed += await RemoveUnknownAsync(batch, cancellationToken);
            batch.Clear();
        }

        removed += await RemoveUnknownAsync(batch, cancellationToken);
        RemoveOld(folder.Scratch, before);
        foreach (var copy in new DirectoryInfo(folder.Cache).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (copy.LastAccessTimeUtc < Clock.GetUtcNow() - CacheAge)
                copy.Delete();
        }

        if (removed > 0)
            Log.LogInformation("{Count} files without an owner were removed", removed);
        return removed;
    }

    private async Task<int> RemoveUnknownAsync(List<string> keys, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        // Found by the track in their path: the table has no index of keys.
        var tracks = keys.Select(TrackOf).Distinct().ToList();
        var known = await db.TrackFiles.AsNoTracking().Where(f => tracks.Contains(f.TrackId)).Select(f => f.Key)
            .ToListAsync(cancellationToken);
        var unknown = keys.Except(known).ToList();
        foreach (var key in unknown)
            await store.DeleteAsync(key, cancellationToken);
        return unknown.Count;
    }

    private static Guid TrackOf(string key) => Guid.TryParse(key.Split('/')[1], out var track) ? track : Guid.Empty;

    private static void RemoveOld(string folder, DateTimeOffset before)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateDirectories())
        {
            if (entry.EnumerateFiles("*", SearchOption.AllDirectories).All(f => f.LastWriteTimeUtc < before)
                && entry.LastWriteTimeUtc < before)
                entry.Delete(recursive: true);
        }
    }
}
