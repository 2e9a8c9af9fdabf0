using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Media;

/// <summary>Makes the files that were asked for, as many at a time as this process makes songs.</summary>
internal sealed class FileWorker(IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<FileWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await MakeNextAsync(stoppingToken))
                    await signals.WaitAsync(DatabaseSignals.FilesWanted, options.PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "No files are made now: {Reason}", e.Message);
                await Task.Delay(options.PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False: there was nothing to do.</summary>
    private async Task<bool> MakeNextAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var requests = scope.ServiceProvider.GetRequiredService<FileRequests>();
        if (await requests.TakeAsync(stoppingToken) is not var (request, lease))
            return false;
        signals.Wake(DatabaseSignals.FilesWanted);
        await using (lease)
            await MakeAsync(scope.ServiceProvider, requests, request, lease, stoppingToken);
        return true;
    }

    private async Task MakeAsync(IServiceProvider services, FileRequests requests, FileRequest request, Lease lease, CancellationToken stoppingToken)
    {
        try
        {
            await (request.Spec == FileSpec.Master
                ? services.GetRequiredService<Restorer>().RestoreAsync(request, lease)
                : services.GetRequiredService<DerivedFileBuilder>().BuildAsync(request, lease));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await requests.ReturnAsync(request);
        }
        catch (Exception e) when (e is LeaseLostException || lease.Lost.IsCancellationRequested)
        {
            log.LogInformation("{File} is made by another worker", request.Name);
        }
        catch (Exception e) when (!e.IsDatabase())
        {
            log.LogError(e, "{File} could not be made", request.Name);
            await requests.EndAsync(request);
        }
    }
}
