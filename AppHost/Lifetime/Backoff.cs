namespace Son1kVers3.AppHost.Lifetime;

/// <summary>How long to wait before something that ended is started again: at once at first, longer each time that it does not last.</summary>
internal sealed class Backoff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Who has lived so long is well again.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private long _started = clock.GetTimestamp();

    /// <summary>Starts in a row that did not last.</summary>
    public int Failures { get; private set; }

    /// <summary>It runs now.</summary>
    public void Started() => _started = clock.GetTimestamp();

    /// <summary>It has ended by itself; the answer is how long to wait.</summary>
    public TimeSpan Ended()
    {
        if (clock.GetElapsedTime(_started) >= Lasting)
            Failures = 0;
        var delay = First * Math.Pow(2, Math.Min(Failures, 10));
        Failures++;
        return delay < Longest ? delay : Longest;
    }
}
