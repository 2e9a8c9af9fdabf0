using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Streams;

/// <summary>What is watched: a job, or one restore of its track, told from others by the time at which it was asked for.</summary>
internal readonly record struct FeedKey(Guid Job, DateTimeOffset? Restoring)
{
    public static FeedKey Of(Track track) => new(track.Id, track.ArchivedAt is null ? null : track.RestoreRequestedAt);
}

/// <summary>
/// The progress of one job or restore for all its viewers at this replica: one subscription and one reader of the database, however many
/// watch.
/// </summary>
internal sealed class JobFeed
{
    /// <summary>How often the database is asked in case a message was lost, and when Redis is away.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FastPoll = TimeSpan.FromSeconds(1);

    private readonly Guid _job;
    private readonly DateTimeOffset? _restoring;
    private readonly IServiceScopeFactory _scopes;
    private readonly ProgressBus _bus;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _stored = new(0, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reading;
    private readonly List<TrackEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Percentage? _latest;
    private bool? _restored;

    public JobFeed(FeedKey key, IServiceScopeFactory scopes, ProgressBus bus, ILogger log)
    {
        Key = key;
        (_job, _restoring) = key;
        (_scopes, _bus, _log) = (scopes, bus, log);
        _reading = ReadAsync(_end.Token);
    }

    public FeedKey Key { get; }

    /// <summary>Viewers; guarded by <see cref="JobFeeds"/>.</summary>
    public int Viewers { get; set; }

    private bool Ended => _events is [.., var last] && last.EndsJob();

    /// <summary>What is new after the stored event <paramref name="sequence"/>.</summary>
    public FeedState After(long sequence)
    {
        lock (_lock)
            return new FeedState([.. _events.Where(e => e.Sequence > sequence)], _latest, _restored, Ended, _changed.Task);
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var unsubscribe = await _bus.SubscribeTrackAsync(_job, Receive);
        try
        {
            while (true)
            {
                await LoadAsync(cancellationToken);
                await _stored.WaitAsync(_bus.IsConnected ? SlowPoll : FastPoll, cancellationToken);
            }
        }
        finally
        {
            await unsubscribe();
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
            var known = _events.Count == 0 ? 0 : _events[^1].Sequence;
            var added = await db.TrackEvents.AsNoTracking().Where(e => e.TrackId == _job && e.Sequence > known).OrderBy(e => e.Sequence)
                .ToListAsync(cancellationToken);
            // Its steps went with it, the one that called it off among them.
            if (added.Count == 0 && _restoring is null && !Ended
                && !await db.Tracks.AnyAsync(t => t.Id == _job && t.DeletedAt == null, cancellationToken))
                added.Add(new TrackEvent { TrackId = _job, Sequence = known + 1, Kind = "cancelled", Data = "{}" });
            var progress = _bus.IsConnected ? null : await PolledAsync(db, cancellationToken);
            var restored = _restoring is null ? null : await IsRestoredAsync(db, cancellationToken);
            lock (_lock)
            {
                _events.AddRange(added);
                if (added.Count > 0)
                    _latest = null;
                var news = added.Count > 0 || restored != _restored || (progress is not null && progress != _latest);
                _restored = restored;
                _latest = progress ?? _latest;
                if (news)
                    SignalChange();
            }
        }
        catch (Exception e) when (e.IsDatabase())
        {
            _log.LogInformation("Progress of {Job} could not be read, looking again: {Reason}", _job, e.Message);
        }
    }

    /// <summary>Without Redis the percentage is the one of the last heartbeat.</summary>
    private async Task<Percentage?> PolledAsync(GenerationDb db, CancellationToken cancellationToken)
    {
        var job = await db.Tracks.AsNoTracking().Where(t => t.Id == _job && t.LeaseToken != null).Select(t => new { t.Status, t.Progress })
            .FirstOrDefaultAsync(cancellationToken);
        return job is null ? null : Percentage.Of(job.Status, job.Progress, job.Progress);
    }

    /// <summary>Null while it is under way.</summary>
    private async Task<bool?> IsRestoredAsync(GenerationDb db, CancellationToken cancellationToken)
    {
        var track = await db.Tracks.AsNoTracking().Where(t => t.Id == _job && t.DeletedAt == null)
            .Select(t => new { t.ArchivedAt, t.RestoreRequestedAt }).FirstOrDefaultAsync(cancellationToken);
        return track is null ? false : track.ArchivedAt is null ? true : track.RestoreRequestedAt == _restoring ? null : false;
    }

    private void Receive(Percentage? percentage)
    {
        lock (_lock)
        {
            if (percentage is null)
            {
                if (_stored.CurrentCount == 0)
                    _stored.Release();
                return;
            }

            _latest = percentage;
            SignalChange();
        }
    }

    private void SignalChange()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}

/// <param name="Events">Stored ones.</param>
/// <param name="Latest">The latest percentage since the last of them.</param>
/// <param name="Restored">How the restore ended; null while it is under way, and for jobs.</param>
/// <param name="Ended">The job's last step is known.</param>
/// <param name="Changed">Completes at the next change.</param>
internal sealed record FeedState(IReadOnlyList<TrackEvent> Events, Percentage? Latest, bool? Restored, bool Ended, Task Changed);

/// <summary>The feeds that somebody watches.</summary>
internal sealed class JobFeeds(IServiceScopeFactory scopes, ProgressBus bus, ILogger<JobFeeds> log)
{
    private readonly Dictionary<FeedKey, JobFeed> _feeds = [];

    /// <summary>Joins a feed; leave it with <see cref="LeaveAsync"/>.</summary>
    public JobFeed Join(FeedKey key)
    {
        lock (_feeds)
        {
            if (!_feeds.TryGetValue(key, out var feed))
                _feeds[key] = feed = new JobFeed(key, scopes, bus, log);
            feed.Viewers++;
            return feed;
        }
    }

    public async Task LeaveAsync(JobFeed feed)
    {
        lock (_feeds)
        {
            if (--feed.Viewers > 0)
                return;
            _feeds.Remove(feed.Key);
        }

        await feed.EndAsync();
    }
}
