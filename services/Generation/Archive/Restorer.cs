using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;

namespace Son1kVers3.Generation.Archive;

/// <summary>Restores the tracks that were asked for, the longest waiting first, one at a time; and finishes what replicas that died began.</summary>
internal sealed class Restorer(IServiceScopeFactory scopes, JobSignals signals, JobOptions options, TimeProvider clock, ILogger<Restorer> log) : BackgroundService
{
    /// <summary>More than replicas and requests restore at the same time, so that one is found which nobody is at.</summary>
    private const int Batch = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A replica that makes no songs leaves this to those that do.
        while (options.Workers > 0 && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await RestoreNextAsync(stoppingToken))
                    await signals.WaitForRestoresAsync(options.Look, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Nothing is restored now: {Reason}", e.Message);
                await Task.Delay(options.Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>False: there was nothing to do.</summary>
    private async Task<bool> RestoreNextAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var wanted = await scope.ServiceProvider.GetRequiredService<GenerationDb>().Tracks.AsNoTracking()
            .Where(t => t.RestoreRequestedAt != null && t.ArchivedAt != null && t.DeletedAt == null)
            .OrderBy(t => t.RestoreRequestedAt).Select(t => t.Id).Take(Batch).ToListAsync(cancellationToken);
        var thawing = scope.ServiceProvider.GetRequiredService<Thawing>();
        foreach (var id in wanted)
        {
            if (await thawing.RestoreAsync(id, wait: false, cancellationToken) != Thaw.Busy)
                return true;
        }

        return false;
    }
}
