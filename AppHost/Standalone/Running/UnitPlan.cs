using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Running;

/// <summary>One process to keep alive: a server, or one replica of a project or program.</summary>
/// <param name="Name">What the table and the logs call it.</param>
/// <param name="Resource">The resource that it is a part of.</param>
/// <param name="WaitsFor">Resources that must be healthy first.</param>
/// <param name="CreateSpec">Prepares one start, and says what to run.</param>
/// <param name="IsReadyAsync">One look at its health; null where living half a second must do.</param>
internal sealed record UnitPlan(
    string Name,
    string Resource,
    IReadOnlyList<string> WaitsFor,
    Func<Action<string>, CancellationToken, Task<ProcessSpec>> CreateSpec,
    Func<CancellationToken, Task<bool>>? IsReadyAsync)
{
    /// <summary>Resources that it uses, and that are stopped after it.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>What is done each time it has become ready, before others may rely on it.</summary>
    public Func<CancellationToken, Task> WhenReady { get; init; } = _ => Task.CompletedTask;

    /// <summary>Looked at again and again once it is ready. A broker would write a warning about each look: there the process' life must do.</summary>
    public bool IsWatched { get; init; } = true;

    /// <summary>Where it listens.</summary>
    public string? Url { get; init; }

    /// <summary>How long its orderly stop may take.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long it may take to become ready the first time.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(180);
}

/// <summary>What a unit is doing.</summary>
internal enum UnitState
{
    /// <summary>For what it depends on.</summary>
    Waiting,

    /// <summary>Its process runs and does not answer yet.</summary>
    Starting,

    /// <summary>It answers.</summary>
    Healthy,

    /// <summary>It did answer, and does not now.</summary>
    Unhealthy,

    /// <summary>It ended, and is started again when the back-off is over.</summary>
    BackOff,

    /// <summary>It was asked to end.</summary>
    Stopping,

    /// <summary>It ended as asked.</summary>
    Stopped,

    /// <summary>It could not be started.</summary>
    Failed,
}

/// <summary>A line of the status table.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Resource">The resource that it is a part of.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">Its process, while it has one.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="Note">Why it is in that state, where that is not obvious.</param>
internal sealed record UnitStatus(string Name, string Resource, UnitState State, string? Url, int? Pid, int Restarts, string? Note);
