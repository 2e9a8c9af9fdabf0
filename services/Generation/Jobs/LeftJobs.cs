using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Stops jobs at providers elsewhere that nobody follows any more: cancelled, or given up, while no worker had them.</summary>
/// <remarks>A worker that has the job hears of its end and stops it there itself; one that does so at the same moment does no harm.</remarks>
internal sealed class LeftJobs(
    IServiceScopeFactory scopes, ProviderCatalog providers, LeaseStore leases, JobOptions options, TimeProvider clock, ILogger<LeftJobs> log)
    : PeriodicWorker(new Schedule(options.PollInterval) { OneReplica = leases }, clock, log)
{
    private const int Batch = 20;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var before = Clock.GetUtcNow() - options.Lease;
        var left = await db.Tracks.AsNoTracking().Where(t => t.Checkpoint != null && t.FinishedAt < before)
            .OrderBy(t => t.FinishedAt).Take(Batch).Select(t => new { t.Id, t.Checkpoint }).ToListAsync(cancellationToken);
        foreach (var job in left)
        {
            if (providers.Find(job.Checkpoint!.Provider) is { } provider)
                await provider.CancelLeftAsync(job.Checkpoint.State.GetRawText());
            // Not behind the lease of this round: once it was stopped, it is.
            await db.Database.ExecuteSqlAsync($"UPDATE tracks SET checkpoint = NULL WHERE id = {job.Id}", CancellationToken.None);
            Log.LogInformation("The job of {Track} at {Provider} was stopped", job.Id, job.Checkpoint.Provider);
        }
    }
}
