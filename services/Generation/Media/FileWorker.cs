using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Media;

/// <summary>Makes the files that were asked for, as many at a time as this process makes songs.</summary>
internal sealed class FileWorker(
    IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<FileWorker> log)
    : QueueWorker(DatabaseSignals.FilesWanted, options.Workers, signals, options, clock, log)
{
    protected override async Task<bool> WorkNextAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var requests = scope.ServiceProvider.GetRequiredService<FileRequests>();
        if (await requests.TakeAsync(stoppingToken) is not var (request, lease))
            return false;
        WakeNext();
        await using (lease)
            await MakeAsync(scope.ServiceProvider, requests, request, lease, stoppingToken);
        return true;
    }

    private async Task MakeAsync(
        IServiceProvider services, FileRequests requests, FileRequest request, Lease lease, CancellationToken stoppingToken)
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
