using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Works through a queue, several pieces at a time, for as long as the service runs.</summary>
/// <remarks>
/// Not a periodic worker: that does one round at a time, at intervals; here each slot takes the next piece as soon as it is free, and waits
/// for a signal when
/// there is none. A piece that breaks off is left to its lease and taken up again.
/// </remarks>
/// <param name="queue">The channel of <see cref="DatabaseSignals"/> that tells of new pieces.</param>
/// <param name="slots">Pieces at a time.</param>
internal abstract class QueueWorker(
    string queue, int slots, DatabaseSignals signals, JobOptions options, TimeProvider clock, ILogger log) : BackgroundService
{
    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, slots).Select(_ => WorkAsync(stoppingToken)));

    /// <summary>Takes the next piece and works on it. False: there was none.</summary>
    protected abstract Task<bool> WorkNextAsync(CancellationToken stoppingToken);

    /// <summary>One was taken: there may be another for the next slot.</summary>
    protected void WakeNext() => signals.Wake(queue);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await WorkNextAsync(stoppingToken))
                    await signals.WaitAsync(queue, options.PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A database that is away, a full disk: what was begun is tried again when its lease has run out; this slot goes on.
                log.LogWarning(e, "{Worker} broke off: {Reason}", GetType().Name, e.Message);
                await Task.Delay(options.PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
