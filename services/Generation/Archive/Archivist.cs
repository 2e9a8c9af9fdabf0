using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Archive;

/// <summary>Moves tracks that nobody played for 90 days into cold storage: one Opus file in place of the master and everything made of it.</summary>
/// <remarks>What is small stays (plan, MIDI, score, pictures). <see cref="DerivedFiles"/> brings the sound back when it is asked for.</remarks>
internal sealed class Archivist(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Archivist> log) : BackgroundService
{
    /// <summary>How long a track is kept as it is.</summary>
    public static readonly TimeSpan Unplayed = TimeSpan.FromDays(90);

    private static readonly TimeSpan Look = TimeSpan.FromHours(1);
    private const int Batch = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ArchiveAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Nothing more is archived now");
            }
        }
    }

    /// <summary>One batch; returns how many tracks went.</summary>
    internal async Task<int> ArchiveAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = clock.GetUtcNow() - Unplayed;
        var due = await scope.ServiceProvider.GetRequiredService<GenerationDb>().Tracks.AsNoTracking()
            .Where(t => t.Status == TrackStatus.Completed && t.ArchivedAt == null && t.DeletedAt == null && t.PlayedAt < before)
            .OrderBy(t => t.PlayedAt).Take(Batch).ToListAsync(cancellationToken);
        foreach (var track in due)
        {
            await using var one = scopes.CreateAsyncScope();
            await one.ServiceProvider.GetRequiredService<ColdStorage>().FreezeAsync(track, before, cancellationToken);
        }

        return due.Count;
    }
}

/// <summary>Freezes and thaws one track.</summary>
internal sealed class ColdStorage(GenerationDb db, ITrackStore store, MediaFolder folder, Encoder encoder, FileLedger ledger, TimeProvider clock)
{
    private static readonly string[] Warm = ["master", "audio", "preview", "stems"];

    /// <summary>Freezes a track, unless somebody played it meanwhile.</summary>
    public async Task FreezeAsync(Track track, DateTimeOffset unplayedSince, CancellationToken cancellationToken)
    {
        var files = await db.TrackFiles.AsNoTracking().Where(f => f.TrackId == track.Id && Warm.Contains(f.Kind)).ToListAsync(cancellationToken);
        var master = files.FirstOrDefault(f => f.Kind == "master");
        if (master is null || await store.GetAsync(master.Key, cancellationToken) is not { } path)
            return;
        var cold = await ConvertAsync(track, path, "cold", "opus", Quality.High, cancellationToken);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            if (await db.Database.ExecuteSqlAsync(
                $"UPDATE generations SET archived_at = {now} WHERE id = {track.Id} AND archived_at IS NULL AND deleted_at IS NULL AND played_at < {unplayedSince}", cancellationToken) == 0)
            {
                await store.DeleteAsync(cold.Key, CancellationToken.None);
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

    /// <summary>Makes a master of the cold file, in the current transaction; the cold file itself goes with the next sweep.</summary>
    /// <returns>The master, or null when there is no cold file.</returns>
    public async Task<TrackFile?> ThawAsync(Track track)
    {
        var cold = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == track.Id && f.Kind == "cold");
        if (cold is null || await store.GetAsync(cold.Key, CancellationToken.None) is not { } path)
            return null;
        var master = await ConvertAsync(track, path, "master", "flac", Quality.Standard, CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"UPDATE generations SET archived_at = NULL, played_at = {clock.GetUtcNow()} WHERE id = {track.Id}");
        await db.TrackFiles.Where(f => f.TrackId == track.Id && f.Kind == "cold").ExecuteDeleteAsync();
        db.Add(master);
        await db.SaveChangesAsync();
        await ledger.TellAsync(track.Id);
        return master;
    }

    private async Task<TrackFile> ConvertAsync(Track track, string source, string kind, string format, Quality quality, CancellationToken cancellationToken)
    {
        var scratch = folder.CreateScratch(Guid.NewGuid().ToString("N"));
        try
        {
            var output = Path.Combine(scratch, $"{kind}.{format}");
            await encoder.EncodeAsync(source, output, format, quality, Encoder.Tags(track.Id, track.Title, FileMakers.PlanOf(track)), cancellationToken);
            var key = $"tracks/{track.Id}/{Guid.NewGuid():N}/{kind}.{format}";
            var stored = await store.PutAsync(key, output, cancellationToken);
            return new TrackFile { TrackId = track.Id, Kind = kind, Format = format, Key = key, Bytes = stored.Bytes, Checksum = stored.Checksum };
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
