namespace Son1kVers3.Studio.Programs;

/// <summary>What a program may use before it is stopped.</summary>
/// <param name="Time">By the clock: a busy machine gets its time.</param>
/// <param name="CpuTime">Of one processor.</param>
/// <param name="MemoryBytes">Address space.</param>
/// <param name="FileBytes">Of each file that it writes.</param>
internal sealed record ProgramLimits(TimeSpan Time, TimeSpan CpuTime, long MemoryBytes, long FileBytes)
{
    private const long Megabyte = 1 << 20;

    /// <summary>Reads or makes a file of at most five minutes of music.</summary>
    public static ProgramLimits Audio { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(2), 1024 * Megabyte, 1024 * Megabyte);

    /// <summary>Reads a file that somebody sent: what a recording of two minutes takes, many times over.</summary>
    public static ProgramLimits Upload { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(12), 512 * Megabyte, Megabyte);

    /// <summary>Says a few syllables. (What espeak-ng shares with a sound server, and never uses, counts as a file of 64 MB.)</summary>
    public static ProgramLimits Speech { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 512 * Megabyte, 128 * Megabyte);
}

/// <summary>A call of a program: no shell words, no environment of ours, no file but the two that are named.</summary>
/// <param name="Arguments">Name the files as <see cref="Input"/> and <see cref="Output"/>.</param>
internal sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments, ProgramLimits Limits)
{
    /// <summary>Stands for <see cref="Reads"/> among the arguments.</summary>
    public const string Input = "\0input";

    /// <summary>Stands for <see cref="Writes"/> among the arguments.</summary>
    public const string Output = "\0output";

    /// <summary>The file that it may read.</summary>
    public string? Reads { get; init; }

    /// <summary>The file that it may write; made by us before, empty.</summary>
    public string? Writes { get; init; }

    /// <summary>Writes what it reads from its standard input; without it, that is empty.</summary>
    public Func<Stream, CancellationToken, Task>? StandardInput { get; init; }

    /// <summary>Reads its standard output; may stop early, a closed pipe then ends the program.</summary>
    public Func<Stream, CancellationToken, Task>? StandardOutput { get; init; }

    /// <summary>The arguments with the names under which the program finds its files.</summary>
    public IEnumerable<string> ArgumentsWith(string? input, string? output) =>
        Arguments.Select(argument => argument switch { Input => input!, Output => output!, _ => argument });
}
