using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Data;

namespace Son1kVers3.Generation.Data;

/// <summary>
/// What processes of this service tell each other by PostgreSQL's NOTIFY: work was queued, a job was cancelled, a file was made.
/// </summary>
/// <remarks>Only a short cut: who misses a signal finds out by its next poll or heartbeat.</remarks>
internal sealed class DatabaseSignals
{
    public const string JobsQueued = "jobs_queued";
    public const string JobCancelled = "job_cancelled";
    public const string FilesWanted = "files_wanted";
    public const string FileSettled = "file_settled";
    public const string DownloadsWanted = "downloads_wanted";

    /// <summary>Sent by triggers, so that no statement can forget it.</summary>
    public const string TrackChangedChannel = "track_changed";

    private static readonly string[] Queues = [JobsQueued, FilesWanted, DownloadsWanted];
    private readonly Dictionary<string, SemaphoreSlim> _waiting = Queues.ToDictionary(channel => channel, _ => new SemaphoreSlim(0, 1));
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _cancellable = [];

    public DatabaseSignals(DatabaseNotifications notifications)
    {
        foreach (var channel in Queues)
            notifications.On(channel, _ => Wake(channel));
        notifications.On(JobCancelled, job => Cancel(job));
        notifications.On(FileSettled, file => Settled?.Invoke(file ?? ""));
        notifications.On(TrackChangedChannel, track => TrackChanged?.Invoke(Guid.TryParse(track, out var id) ? id : null));
    }

    /// <summary>A file was made, or will not be. Empty: some may have been missed.</summary>
    public event Action<string>? Settled;

    /// <summary>A finished track, or a file of one, is not what it was. Null: some may have been missed.</summary>
    public event Action<Guid?>? TrackChanged;

    /// <summary>Returns when there may be work of a kind, at the latest after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(string channel, TimeSpan atMost, CancellationToken cancellationToken) =>
        _waiting[channel].WaitAsync(atMost, cancellationToken);

    /// <summary>Wakes one of those who wait for work of a kind in this process; it wakes the next one if it found something.</summary>
    public void Wake(string channel)
    {
        var waiting = _waiting[channel];
        lock (waiting)
        {
            if (waiting.CurrentCount == 0)
                waiting.Release();
        }
    }

    /// <summary>Cancels <paramref name="source"/> when the job is cancelled, until the result is disposed.</summary>
    public IDisposable CancelWith(Guid job, CancellationTokenSource source)
    {
        _cancellable[job] = source;
        return new Registration(this, job);
    }

    private void Cancel(string? job)
    {
        if (Guid.TryParse(job, out var id) && _cancellable.TryGetValue(id, out var source))
            source.Cancel();
    }

    private sealed class Registration(DatabaseSignals signals, Guid job) : IDisposable
    {
        public void Dispose() => signals._cancellable.TryRemove(job, out _);
    }
}
