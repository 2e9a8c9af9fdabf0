using System.Collections.Concurrent;
using Npgsql;

namespace Son1kVers3.Generation.Jobs;

/// <summary>What PostgreSQL's NOTIFY tells this replica: jobs wait, a job was called off, or an archived track is wanted.</summary>
/// <remarks>Only a short cut: who misses a signal finds out by its next look or heartbeat.</remarks>
internal sealed class JobSignals(NpgsqlDataSource database, TimeProvider clock, ILogger<JobSignals> log) : BackgroundService
{
    public const string Queued = "jobs_queued";
    public const string CalledOff = "jobs_called_off";
    public const string RestoreAsked = "restores_asked";

    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _running = [];
    private readonly SemaphoreSlim _queued = new(0, 1);
    private readonly SemaphoreSlim _restores = new(0, 1);

    /// <summary>Returns when jobs may wait, at the latest after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _queued.WaitAsync(atMost, cancellationToken);

    /// <summary>Returns when a track may wait to be restored, at the latest after <paramref name="atMost"/>.</summary>
    public Task WaitForRestoresAsync(TimeSpan atMost, CancellationToken cancellationToken) => _restores.WaitAsync(atMost, cancellationToken);

    /// <summary>Cancels <paramref name="source"/> when the job is called off, until the result is disposed.</summary>
    public IDisposable Watch(Guid job, CancellationTokenSource source)
    {
        _running[job] = source;
        return new Watched(this, job);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, signal) => Receive(signal);
                await using (var listen = new NpgsqlCommand($"LISTEN {Queued}; LISTEN {CalledOff}; LISTEN {RestoreAsked}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                Wake();
                Release(_restores);
                while (true)
                    await connection.WaitAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Signals of the database are away: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Receive(NpgsqlNotificationEventArgs signal)
    {
        if (signal.Channel == Queued)
            Wake();
        else if (signal.Channel == RestoreAsked)
            Release(_restores);
        else if (Guid.TryParse(signal.Payload, out var id) && _running.TryGetValue(id, out var source))
            source.Cancel();
    }

    /// <summary>One worker looks; it wakes the next one if it found something.</summary>
    public void Wake() => Release(_queued);

    private static void Release(SemaphoreSlim waiting)
    {
        lock (waiting)
        {
            if (waiting.CurrentCount == 0)
                waiting.Release();
        }
    }

    private sealed class Watched(JobSignals signals, Guid job) : IDisposable
    {
        public void Dispose() => signals._running.TryRemove(job, out _);
    }
}
