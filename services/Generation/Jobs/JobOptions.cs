namespace Son1kVers3.Generation.Jobs;

/// <summary>Section <c>Jobs</c> of the configuration.</summary>
internal sealed record JobOptions
{
    /// <summary>
    /// Songs and files this process makes at a time; 0: it renders nothing and only answers. A song uses about two cores with its encoders.
    /// </summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Whether this process answers requests and other services, too. One that does not works at low priority.</summary>
    public bool Api { get; init; } = true;

    /// <summary>A worker that was not heard of for this long is dead.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often each process looks for dead workers and, in case a signal was lost, for work.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For so long after the last worker was heard of, or after the start, one is expected; then nothing is accepted any more.
    /// </summary>
    public TimeSpan Absence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A job that killed this many workers is given up.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Guess of a job's time before any was finished.</summary>
    public double TypicalSeconds { get; init; } = 15;

    public static JobOptions Of(IConfiguration configuration) => configuration.GetSection("Jobs").Get<JobOptions>() ?? new JobOptions();
}
