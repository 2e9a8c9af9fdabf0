namespace Son1kVers3.Billing.Tests.Hosting;

/// <summary>A clock that tests set. Timers and timestamps are the machine's, so that waiting goes on as ever.</summary>
public sealed class TestClock : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Goes on from another instant.</summary>
    public void Set(DateTimeOffset now) => Volatile.Write(ref _offsetTicks, (now - System.GetUtcNow()).Ticks);
}
