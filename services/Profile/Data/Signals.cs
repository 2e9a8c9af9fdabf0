using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Data;

namespace Son1kVers3.Profile.Data;

/// <summary>Wakes the open streams of a thing that changed, whichever replica changed it.</summary>
/// <param name="notifications">What the database tells.</param>
/// <param name="channel">The channel whose payload is the id of what changed.</param>
internal abstract class Signals(DatabaseNotifications notifications, string channel) : IHostedService
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Signal, byte>> _open = [];

    /// <summary>A signal that fires for this thing until it is disposed.</summary>
    public Signal Listen(Guid id)
    {
        var signal = new Signal(s => Forget(id, s));
        _open.GetOrAdd(id, _ => []).TryAdd(signal, 0);
        return signal;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        notifications.On(channel, Wake);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Wake(string? changed)
    {
        // Null: some may have been missed; whoever is woken for nothing just looks.
        var signals = changed is null
            ? _open.Values.SelectMany(s => s.Keys)
            : Guid.TryParse(changed, out var id) && _open.TryGetValue(id, out var own) ? own.Keys : [];
        foreach (var signal in signals)
            signal.Fire();
    }

    private void Forget(Guid id, Signal signal)
    {
        if (_open.TryGetValue(id, out var signals) && signals.TryRemove(signal, out _) && signals.IsEmpty)
            _open.TryRemove(new(id, signals));
        // Whoever came between the two lines listens to a set that nobody finds: it is put back.
        if (signals is { IsEmpty: false })
            _open.TryAdd(id, signals);
    }
}

/// <summary>Remembers one firing.</summary>
internal sealed class Signal(Action<Signal> forget) : IDisposable
{
    private readonly SemaphoreSlim _fired = new(0, 1);

    /// <summary>Returns when it fired since the last wait, or after <paramref name="longest"/>.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _fired.WaitAsync(longest, cancellationToken);

    public void Fire()
    {
        lock (_fired)
        {
            if (_fired.CurrentCount == 0)
                _fired.Release();
        }
    }

    public void Dispose() => forget(this);
}
