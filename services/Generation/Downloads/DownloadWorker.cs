using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Writes zips, one at a time in this process.</summary>
internal sealed class DownloadWorker(IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<DownloadWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await WriteNextAsync(stoppingToken))
                    await signals.WaitAsync(DatabaseSignals.DownloadsWanted, options.PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The row stays as it is: it is taken up again when the lease has run out.
                log.LogWarning(e, "A zip was not written: {Reason}", e.Message);
                await Task.Delay(options.PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False: there was nothing to do.</summary>
    private async Task<bool> WriteNextAsync(CancellationToken stoppingToken)
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
            catch (Exception e) when (e is LeaseLostException || (lease.Lost.IsCancellationRequested && !stoppingToken.IsCancellationRequested))
            {
                log.LogInformation("Download {Download} is written by another worker", download.Id);
            }
        }

        return true;
    }
}
