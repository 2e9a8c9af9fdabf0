using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Archive;

/// <summary>
/// Moves tracks that nobody played for 90 days into the archive: one Opus file in place of the master and everything audible made of it.
/// </summary>
/// <remarks>What is small stays (plan, MIDI, score, pictures). <see cref="Restorer"/> brings the sound back when it is asked for.</remarks>
internal sealed class ArchiveWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ArchiveWorker> log)
    : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    /// <summary>How long a track is kept as it is.</summary>
    public static readonly TimeSpan Unplayed = TimeSpan.FromDays(90);

    private const int Batch = 50;

    protected override Task RunAsync(CancellationToken cancellationToken) => ArchiveAsync(cancellationToken);

    /// <summary>One batch; returns how many tracks went.</summary>
    internal async Task<int> ArchiveAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = Clock.GetUtcNow() - Unplayed;
        var due = await scope.ServiceProvider.GetRequiredService<GenerationDb>().Tracks.AsNoTracking()
            .Where(t => t.Status == TrackStatus.Completed && t.ArchivedAt == null && t.DeletedAt == null && t.PlayedAt < before)
            .OrderBy(t => t.PlayedAt).Take(Batch).ToListAsync(cancellationToken);
        foreach (var track in due)
        {
            await using var one = scopes.CreateAsyncScope();
            await one.ServiceProvider.GetRequiredService<Archiver>().ArchiveAsync(track, before, cancellationToken);
        }

        return due.Count;
    }
}
