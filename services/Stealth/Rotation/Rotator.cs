using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Takes slots for requests, and lets those that find none wait in line for the earliest.</summary>
/// <remarks>
/// At each replica the requests of a provider wait in one line, and only its head asks: no stampede when a slot frees up, and nobody is overtaken.
/// Requests under a lease wait for their own account, beside the line. While Redis is away nothing is taken: limits can't be known.
/// </remarks>
internal sealed class Rotator(RotationStore store, SlotRegistry slots, StatisticsWriter statistics, TimeProvider clock, ILogger<Rotator> log)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RedisPoll = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<string, WaitingLine> _lines = new();

    /// <summary>A slot, or why there is none before <paramref name="deadline"/>.</summary>
    public async Task<Take> TakeAsync(TakeRequest request, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var line = request.Lease is null ? _lines.GetOrAdd(request.Provider, _ => new WaitingLine()) : new WaitingLine();
        if (line.IsEmpty)
        {
            var first = await TryAsync(request, cancellationToken);
            if (first is Take.Granted || IsHopeless(first, deadline))
                return first;
        }

        return await line.RunAsync(() => WaitAsync(request, line, deadline, cancellationToken), deadline - clock.GetUtcNow(), clock, cancellationToken)
            ?? new Take.Busy(null, false, "queue");
    }

    /// <summary>Gives a slot back, whatever became of Redis: an unreturned slot expires.</summary>
    public async Task DoneAsync(Finished done)
    {
        statistics.Add(done);
        if (done.Ticket is { } ticket)
            slots.Remove(ticket);
        try
        {
            await store.DoneAsync(done);
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogWarning("A slot of {Provider} was not given back, and expires by itself: {Reason}", done.Provider, e.Message);
        }

        if (_lines.TryGetValue(done.Provider, out var line))
            line.Pulse();
    }

    /// <summary>Frees the slot of a lease that is over.</summary>
    public async Task ReleaseAsync(Lease lease)
    {
        try
        {
            await store.ReleaseAsync(lease);
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogWarning("The slot of a lease of {Provider} expires by itself: {Reason}", lease.Provider, e.Message);
        }

        if (_lines.TryGetValue(lease.Provider, out var line))
            line.Pulse();
    }

    internal static bool IsAway(Exception e) => e is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>The head of the line: asks again when the earliest slot is due, when one was given back here, and now and then for those of other replicas.</summary>
    private async Task<Take> WaitAsync(TakeRequest request, WaitingLine line, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pulse = line.NextPulse;
            var take = await TryAsync(request, cancellationToken);
            var now = clock.GetUtcNow();
            if (take is not Take.Busy busy || IsHopeless(take, deadline) || now >= deadline)
                return take;
            var pause = busy.At is { } at && at - now < Poll ? at - now : busy.Reason == "redis" ? RedisPoll : Poll;
            await Task.WhenAny(pulse, Task.Delay(pause > ShortestPoll ? pause : ShortestPoll, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<Take> TryAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var take = await store.TakeAsync(request, cancellationToken);
            if (take is Take.Granted granted && request.Mode == TakeMode.Take && request.Life is null)
                slots.Add(request.Ticket, request.Provider, granted.Account);
            return take;
        }
        catch (Exception e) when (IsAway(e))
        {
            log.LogInformation("Nothing is taken while Redis is away: {Reason}", e.Message);
            return new Take.Busy(clock.GetUtcNow() + RedisPoll, false, "redis");
        }
    }

    // Waiting would not help: the earliest slot comes after the deadline, or none by itself.
    private static bool IsHopeless(Take take, DateTimeOffset deadline) => take is Take.Busy busy && (busy.Never || busy.At > deadline);
}

/// <summary>Those who wait for a slot of one provider at this replica, first come first served.</summary>
internal sealed class WaitingLine
{
    private readonly SemaphoreSlim _head = new(1, 1);
    private volatile TaskCompletionSource _pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public bool IsEmpty => Volatile.Read(ref _waiting) == 0;

    /// <summary>Completes when a slot is given back at this replica.</summary>
    public Task NextPulse => _pulse.Task;

    public void Pulse()
    {
        if (!IsEmpty)
            Interlocked.Exchange(ref _pulse, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Runs <paramref name="work"/> once the caller is at the head of the line; null when that takes too long.</summary>
    public async Task<T?> RunAsync<T>(Func<Task<T>> work, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
        where T : class
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            using var timeout = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                await _head.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            try
            {
                return await work();
            }
            finally
            {
                _head.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
