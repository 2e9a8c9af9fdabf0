namespace Son1kVers3.Testing;

/// <summary>A clock that tests set, and whose timers and timestamps may run faster than the machine's; its time of day goes on as ever, or stands still.</summary>
/// <param name="speed">15: a quarter of a minute of waiting takes a second.</param>
public sealed class MovableClock(double speed) : TimeProvider
{
    private long offsetTicks;
    private volatile bool stands;

    /// <summary>Timers and timestamps are the machine's.</summary>
    public MovableClock()
        : this(1)
    {
    }

    /// <summary>Begins at an instant of the test's choice, so that no day or month ends under it whenever it is run.</summary>
    public MovableClock(DateTimeOffset start)
        : this(1) => Set(start);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Base + TimeSpan.FromTicks(Volatile.Read(ref offsetTicks));

    private DateTimeOffset Base => stands ? DateTimeOffset.UnixEpoch : System.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(System.GetTimestamp() * speed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), this);

    /// <summary>From now on only <see cref="Advance"/> and <see cref="Set"/> move the time of day: however slow the machine, no second passes unasked.</summary>
    public MovableClock Stop()
    {
        var now = GetUtcNow();
        stands = true;
        Set(now);
        return this;
    }

    /// <summary>Goes on from later.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref offsetTicks, by.Ticks);

    /// <summary>Goes on from another instant.</summary>
    public void Set(DateTimeOffset now) => Volatile.Write(ref offsetTicks, (now - Base).Ticks);

    private TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / speed : time;

    private sealed class FastTimer(ITimer timer, MovableClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
