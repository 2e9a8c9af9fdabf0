using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Measures;

/// <summary>
/// Measures tracks that were finished before they were measured as they are today, and announces them anew: once each, one replica at a
/// time, going on where it stopped.
/// </summary>
/// <remarks>A track whose files cannot be read is announced without measures, and not tried again.</remarks>
internal sealed class MeasureWorker(IServiceScopeFactory scopes, LeaseStore leases, TimeProvider clock, ILogger<MeasureWorker> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromMinutes(1)) { OneReplica = leases }, clock, log)
{
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (await MeasureNextAsync(cancellationToken))
            count++;
        if (count > 0)
            Log.LogInformation("{Count} earlier tracks were measured and announced", count);
    }

    /// <summary>False: there is none left.</summary>
    internal async Task<bool> MeasureNextAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var track = await db.Tracks.AsNoTracking()
            .Where(t => t.Status == TrackStatus.Completed && t.DeletedAt == null && t.MeasuresVersion < TrackMeasurer.Version)
            .OrderBy(t => t.MeasuresVersion).ThenBy(t => t.Id).FirstOrDefaultAsync(cancellationToken);
        if (track is null)
            return false;
        var measures = await TryMeasureAsync(scope.ServiceProvider, track, cancellationToken);
        await KeepAsync(db, scope.ServiceProvider.GetRequiredService<Outbox>(), track, measures);
        return true;
    }

    private async Task<Measurements?> TryMeasureAsync(IServiceProvider services, Track track, CancellationToken cancellationToken)
    {
        var files = await services.GetRequiredService<GenerationDb>().TrackFiles.AsNoTracking().Where(f => f.TrackId == track.Id)
            .ToListAsync(cancellationToken);
        var sound = files.Find(f => f.Kind == FileKind.Master) ?? files.Find(f => f.Kind == FileKind.Archive);
        try
        {
            if (sound is not null && await services.GetRequiredService<ITrackStore>().GetAsync(sound.Key, cancellationToken) is { } path)
                return await services.GetRequiredService<TrackMeasurer>()
                    .MeasureAsync(path, track.Plan ?? "{}", track.Provider, track.Request.Seed, cancellationToken);
            Log.LogWarning("The sound of {Track} is lost: it is announced without measures", track.Id);
        }
        catch (Exception e) when (e is not StudioMissingException && !e.IsDatabase() && !cancellationToken.IsCancellationRequested)
        {
            Log.LogWarning(e, "{Track} cannot be measured: it is announced without", track.Id);
        }

        return null;
    }

    /// <summary>
    /// The measures and the event are one transaction; of two replicas that measured the same track the second changes nothing.
    /// </summary>
    private static async Task KeepAsync(GenerationDb db, Outbox outbox, Track track, Measurements? measures)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var kept = await db.Tracks.FromSql(
            $"""
            UPDATE tracks SET palette = {measures?.Palette ?? track.Palette}, peaks = {measures?.Peaks ?? track.Peaks},
                features = {measures?.Features ?? track.Features},
                measures_version = {TrackMeasurer.Version}
            WHERE id = {track.Id} AND measures_version < {TrackMeasurer.Version} AND deleted_at IS NULL RETURNING *
            """).AsNoTracking().ToListAsync();
        foreach (var measured in kept)
        {
            var sequence = await db.TrackEvents.Where(e => e.TrackId == track.Id && e.Kind == "completed").Select(e => (long?)e.Sequence)
                .FirstOrDefaultAsync();
            outbox.Publish(measured.Completed(sequence ?? measured.Sequence));
        }

        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
