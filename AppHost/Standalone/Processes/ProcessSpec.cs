namespace Son1kVers3.Standalone.Processes;

/// <summary>What to start, and how it ends.</summary>
/// <param name="Name">The prefix of its log lines.</param>
/// <param name="Program">A path, or a name on the PATH.</param>
/// <param name="Arguments">Never a secret: anybody on the machine can read a command line.</param>
public sealed record ProcessSpec(string Name, string Program, params string[] Arguments)
{
    /// <summary>Variables to set; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Start from an empty environment but for PATH, so that a developer's PGPORT or RABBITMQ_* changes nothing.</summary>
    public bool CleanEnvironment { get; init; }

    /// <summary>The folder to start in; the launcher's own by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user to become, where the launcher is root and the program refuses to be.</summary>
    public string? User { get; init; }

    /// <summary>Its input stays open for <see cref="ChildProcess.WriteLineAsync"/>; else it reads the end at once.</summary>
    public bool KeepInput { get; init; }

    /// <summary>Asks it to stop.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>What the kernel sends when the launcher dies, however it dies.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;
}
