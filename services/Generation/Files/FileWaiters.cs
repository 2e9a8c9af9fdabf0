using System.Collections.Concurrent;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Files;

/// <summary>
/// Waits for files that workers make. However many callers of this process want a file, it is asked for once, and they hold nothing while
/// they wait.
/// </summary>
/// <remarks>
/// Ends of requests are heard by <c>NOTIFY</c>; one query at intervals looks after all that are waited for, in case a signal was lost.
/// </remarks>
internal sealed class FileWaiters : PeriodicWorker
{
    private readonly ConcurrentDictionary<string, Waiting> _waiting = [];
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;

    public FileWaiters(IServiceScopeFactory scopes, DatabaseSignals signals, TimeProvider clock, ILogger<FileWaiters> log)
        : base(TimeSpan.FromSeconds(2), TimeProvider.System, log)
    {
        (_scopes, _clock) = (scopes, clock);
        signals.Settled += Settle;
    }

    /// <summary>Asks for a file and returns when its request has ended, well or badly.</summary>
    /// <exception cref="TimeoutException">Not within <paramref name="timeout"/>; the request stays.</exception>
    public async Task WaitAsync(Guid track, FileSpec spec, Guid user, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var name = FileRequest.NameOf(track, spec);
        var waiting = _waiting.GetOrAdd(name, _ => new Waiting(track));
        await waiting.AskOnceAsync(() => AddAsync(name, track, spec, user));
        await waiting.Settled.Task.WaitAsync(timeout, _clock, cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var waiting = _waiting.Where(w => w.Value.IsAsked).ToList();
        if (waiting.Count == 0)
            return;
        await using var scope = _scopes.CreateAsyncScope();
        var open = await scope.ServiceProvider.GetRequiredService<FileRequests>()
            .OpenAsync([.. waiting.Select(w => w.Value.Track).Distinct()], cancellationToken);
        foreach (var (name, _) in waiting.Where(w => !open.Contains(w.Key)))
            Settle(name);
    }

    private async Task AddAsync(string name, Guid track, FileSpec spec, Guid user)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<FileRequests>().AddAsync(track, spec, user);
        }
        catch
        {
            // The next caller asks anew.
            _waiting.TryRemove(name, out _);
            throw;
        }
    }

    private void Settle(string name)
    {
        if (_waiting.TryRemove(name, out var waiting))
            waiting.Settled.TrySetResult();
    }

    private sealed class Waiting(Guid track)
    {
        private readonly Lock _lock = new();
        private Task? _asking;

        public Guid Track => track;

        public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The request stands in the database.</summary>
        public bool IsAsked => _asking is { IsCompletedSuccessfully: true };

        public Task AskOnceAsync(Func<Task> ask)
        {
            lock (_lock)
                return _asking ??= ask();
        }
    }
}
