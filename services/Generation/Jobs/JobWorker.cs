using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Takes jobs and makes them, as many at a time as configured.</summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await scope.ServiceProvider.GetRequiredService<JobQueue>().TakeAsync(stoppingToken) is not { } job)
                {
                    await signals.WaitAsync(DatabaseSignals.JobsQueued, options.PollInterval, stoppingToken);
                    continue;
                }

                signals.Wake(DatabaseSignals.JobsQueued);
                await scope.ServiceProvider.GetRequiredService<JobAttempt>().RunAsync(job, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A database that is away, a full disk: the job's lease runs out and it is tried again; this worker goes on.
                log.LogWarning(e, "An attempt broke off: {Reason}", e.Message);
                await Task.Delay(options.PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
