namespace Son1kVers3.Testing;

/// <summary>A clock that tests set. Timers and timestamps are the machine's, so that waiting goes on as ever.</summary>
public sealed class MovableClock : TimeProvider
{
    private long offsetTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref offsetTicks));

    /// <summary>Goes on from later.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref offsetTicks, by.Ticks);

    /// <summary>Goes on from another instant.</summary>
    public void Set(DateTimeOffset now) => Volatile.Write(ref offsetTicks, (now - System.GetUtcNow()).Ticks);
}
