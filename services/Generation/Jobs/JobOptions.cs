namespace Son1kVers3.Generation.Jobs;

/// <summary>Section <c>Jobs</c> of the configuration.</summary>
internal sealed record JobOptions
{
    /// <summary>Songs this replica makes at a time; 0 makes none. One uses about two cores with its encoders.</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>A worker that was not heard of for this long is dead.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often each replica looks for dead workers and, in case a wake-up was lost, for jobs.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A job that killed this many workers is given up.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Guess of a job's time before any was finished.</summary>
    public double TypicalSeconds { get; init; } = 15;
}
