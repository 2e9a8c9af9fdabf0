namespace Son1kVers3.Generation.Tests;

/// <summary>The real time, moved on by the test, and with timers and timestamps that run faster.</summary>
/// <param name="speed">15: a quarter of a minute takes a second.</param>
internal sealed class TestClock(double speed = 1) : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => (long)(System.GetTimestamp() * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), this);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    private TimeSpan Shorten(TimeSpan time) => time > TimeSpan.Zero ? time / speed : time;

    private sealed class FastTimer(ITimer timer, TestClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
