using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Data;

namespace Son1kVers3.Profile.Inbox;

/// <summary>Wakes the open streams of a member whose inbox changed, whichever replica changed it.</summary>
internal sealed class InboxSignals(Notifications notifications) : IHostedService
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Signal, byte>> _open = [];

    /// <summary>A signal that fires for this member until it is disposed.</summary>
    public Signal Listen(Guid account)
    {
        var signal = new Signal(s => Forget(account, s));
        _open.GetOrAdd(account, _ => []).TryAdd(signal, 0);
        return signal;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        notifications.On(MemberInbox.Channel, Wake);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Wake(string? account)
    {
        // Null: some may have been missed; whoever is woken for nothing just looks.
        var signals = account is null
            ? _open.Values.SelectMany(s => s.Keys)
            : Guid.TryParse(account, out var id) && _open.TryGetValue(id, out var own) ? own.Keys : [];
        foreach (var signal in signals)
            signal.Fire();
    }

    private void Forget(Guid account, Signal signal)
    {
        if (_open.TryGetValue(account, out var signals) && signals.TryRemove(signal, out _) && signals.IsEmpty)
            _open.TryRemove(new(account, signals));
        // Whoever came between the two lines listens to a set that nobody finds: it is put back.
        if (signals is { IsEmpty: false })
            _open.TryAdd(account, signals);
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
