using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Takes jobs and makes them, as many at a time as configured; and takes over from replicas that died.</summary>
internal sealed class JobWorker(IServiceScopeFactory scopes, JobSignals signals, JobOptions options, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    private readonly Guid _id = Guid.NewGuid();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Workers == 0
        ? Task.CompletedTask
        : Task.WhenAll([LookAfterOthersAsync(stoppingToken), .. Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(stoppingToken))]);

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
                    await signals.WaitAsync(options.Look, stoppingToken);
                    continue;
                }

                signals.Wake();
                await scope.ServiceProvider.GetRequiredService<JobRun>().RunAsync(job, stoppingToken);
            }
            catch (Exception e) when (IsDatabase(e))
            {
                log.LogWarning("The queue of jobs is away: {Reason}", e.Message);
                await Task.Delay(options.Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A full disk, a store that is away: the job's lease runs out and it is tried again; this worker goes on.
                log.LogError(e, "An attempt broke off");
                await Task.Delay(options.Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LookAfterOthersAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Look, clock);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
                await db.Database.ExecuteSqlAsync(
                    $"""
                    WITH gone AS (DELETE FROM workers WHERE seen_at < now() - interval '1 minute')
                    INSERT INTO workers (id, slots, seen_at) VALUES ({_id}, {options.Workers}, now())
                    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
                    """,
                    stoppingToken);
                await scope.ServiceProvider.GetRequiredService<JobQueue>().ReclaimAsync(stoppingToken);
            }
            catch (Exception e) when (IsDatabase(e))
            {
                log.LogWarning("Jobs of dead workers were not looked for: {Reason}", e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal static bool IsDatabase(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException || (e is InvalidOperationException && e.InnerException is DbException);
}
