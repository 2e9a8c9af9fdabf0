using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Takes jobs and makes them, as many at a time as configured.</summary>
internal sealed class JobWorker(
    IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger<JobWorker> log)
    : QueueWorker(DatabaseSignals.JobsQueued, options.Workers, signals, options, clock, log)
{
    protected override async Task<bool> WorkNextAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<JobQueue>().TakeAsync(stoppingToken) is not { } job)
            return false;
        WakeNext();
        await scope.ServiceProvider.GetRequiredService<JobAttempt>().RunAsync(job, stoppingToken);
        return true;
    }
}
