using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Jobs;

/// <summary>
/// Holds a job: renews its lease until disposed, and cancels <see cref="Lost"/> when it is somebody else's, was cancelled, or may be so.
/// </summary>
internal sealed class JobLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _end = new();
    private readonly IDisposable _cancellation;
    private readonly Task _beating;
    private int _progress;

    /// <param name="stopping">The process stops.</param>
    public JobLease(
        Guid job, Guid token, IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, CancellationToken stopping)
    {
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _cancellation = signals.CancelWith(job, _lost);
        _beating = BeatAsync(job, token, scopes, options);
    }

    /// <summary>Stop working on the job.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Percent of the whole, stored with the next heartbeat.</summary>
    public int Progress
    {
        set => Volatile.Write(ref _progress, value);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _cancellation.Dispose();
        _lost.Dispose();
        _end.Dispose();
    }

    private async Task BeatAsync(Guid job, Guid token, IServiceScopeFactory scopes, JobOptions options)
    {
        // Real time, whatever the clock of the domain says: the database's lease runs out in real time.
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(options.Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                var sent = TimeProvider.System.GetTimestamp();
                switch (await TryBeatAsync(job, token, scopes))
                {
                    case true:
                        begun = sent;
                        break;
                    case null when TimeProvider.System.GetElapsedTime(begun) < options.Lease - options.Heartbeat:
                        break;
                    default:
                        await _lost.CancelAsync();
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    /// <summary>Null: the database did not say.</summary>
    private async Task<bool?> TryBeatAsync(Guid job, Guid token, IServiceScopeFactory scopes)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<JobQueue>()
                .HeartbeatAsync(job, token, Volatile.Read(ref _progress), _end.Token);
        }
        catch (Exception e) when (e.IsDatabase())
        {
            return null;
        }
    }
}
