using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Removes zips whose time is over, and parts that no export came for.</summary>
internal sealed class DownloadSweeper(
    IServiceScopeFactory scopes, ITrackStore store, LeaseStore leases, TimeProvider clock, ILogger<DownloadSweeper> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromMinutes(10)) { OneReplica = leases }, clock, log)
{
    private const int Batch = 100;

    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>One sweep; returns how many zips went.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var now = Clock.GetUtcNow();
        var expired = await db.Set<Download>().AsNoTracking().Where(d => d.ExpiresAt <= now).OrderBy(d => d.ExpiresAt).Take(Batch)
            .ToListAsync(cancellationToken);
        foreach (var download in expired)
        {
            // The file first: what remains of a row is found again.
            await store.DeleteAsync(download.Key ?? $"downloads/{download.UserId}/{download.Id}", cancellationToken);
            await db.Set<Download>().Where(d => d.Id == download.Id).ExecuteDeleteAsync(cancellationToken);
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM export_parts p
            WHERE NOT EXISTS (SELECT FROM downloads d WHERE d.id = p.export_id) AND p.received_at < {now.AddDays(-1)}
            """,
            cancellationToken);
        return expired.Count;
    }
}
