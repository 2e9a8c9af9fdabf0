using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Writes zips, one at a time in this process.</summary>
internal sealed class DownloadWorker(
    IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<DownloadWorker> log)
    : QueueWorker(DatabaseSignals.DownloadsWanted, 1, signals, options, clock, log)
{
    protected override async Task<bool> WorkNextAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<DownloadQueue>().TakeAsync(stoppingToken) is not var (download, lease))
            return false;
        await using (lease)
        {
            try
            {
                await scope.ServiceProvider.GetRequiredService<DownloadWriter>().WriteAsync(download, lease);
            }
            catch (Exception e) when (
                e is LeaseLostException || (lease.Lost.IsCancellationRequested && !stoppingToken.IsCancellationRequested))
            {
                log.LogInformation("Download {Download} is written by another worker", download.Id);
            }
        }

        return true;
    }
}
