using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;

namespace Son1kVers3.Generation.Progress;

/// <summary>The progress of one job for all its viewers at this replica: one subscription and one reader of the database, however many look on.</summary>
internal sealed class JobFeed
{
    /// <summary>How often the database is asked in case a message was lost, and when Redis is away.</summary>
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    private readonly Guid _job;
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

    public JobFeed(Guid job, IServiceScopeFactory scopes, ProgressBus bus, ILogger log)
    {
        (_job, _scopes, _bus, _log) = (job, scopes, bus, log);
        _reading = ReadAsync(_end.Token);
    }

    /// <summary>Viewers; guarded by <see cref="JobFeeds"/>.</summary>
    public int Viewers { get; set; }

    /// <summary>Stored events after <paramref name="sequence"/>, the latest percentage, and what completes at the next change.</summary>
    public (IReadOnlyList<TrackEvent> Events, Percentage? Latest, Task Changed) After(long sequence)
    {
        lock (_lock)
            return ([.. _events.Where(e => e.Sequence > sequence)], _latest, _changed.Task);
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
        var unsubscribe = await _bus.SubscribeAsync(_job, Receive);
        try
        {
            while (true)
            {
                await LoadAsync(cancellationToken);
                await _stored.WaitAsync(_bus.IsConnected ? Seldom : Often, cancellationToken);
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
            var added = await db.TrackEvents.AsNoTracking().Where(e => e.TrackId == _job && e.Sequence > known).OrderBy(e => e.Sequence).ToListAsync(cancellationToken);
            var progress = _bus.IsConnected ? null : await PolledAsync(db, cancellationToken);
            lock (_lock)
            {
                _events.AddRange(added);
                if (added.Count > 0)
                    _latest = null;
                if (progress is not null && progress != _latest)
                    _latest = progress;
                else if (added.Count == 0)
                    return;
                Tell();
            }
        }
        catch (Exception e) when (JobWorker.IsDatabase(e))
        {
            _log.LogInformation("Progress of {Job} could not be read, looking again: {Reason}", _job, e.Message);
        }
    }

    /// <summary>Without Redis the percentage is the one of the last heartbeat.</summary>
    private async Task<Percentage?> PolledAsync(GenerationDb db, CancellationToken cancellationToken) =>
        await db.Tracks.AsNoTracking().Where(t => t.Id == _job && t.LeaseToken != null)
            .Select(t => new Percentage(t.Status, t.Progress, t.Progress)).FirstOrDefaultAsync(cancellationToken);

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
            Tell();
        }
    }

    private void Tell()
    {
        var told = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }
}

/// <summary>The feeds that somebody looks at.</summary>
internal sealed class JobFeeds(IServiceScopeFactory scopes, ProgressBus bus, ILogger<JobFeeds> log)
{
    private readonly Dictionary<Guid, JobFeed> _feeds = [];

    /// <summary>Joins the feed of a job; leave it with <see cref="LeaveAsync"/>.</summary>
    public JobFeed Join(Guid job)
    {
        lock (_feeds)
        {
            if (!_feeds.TryGetValue(job, out var feed))
                _feeds[job] = feed = new JobFeed(job, scopes, bus, log);
            feed.Viewers++;
            return feed;
        }
    }

    public async Task LeaveAsync(Guid job, JobFeed feed)
    {
        lock (_feeds)
        {
            if (--feed.Viewers > 0)
                return;
            _feeds.Remove(job);
        }

        await feed.EndAsync();
    }
}
