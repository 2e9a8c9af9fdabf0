namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Which resources are processes that we look after, and what their states mean.</summary>
internal static class Processes
{
    /// <summary>It starts and stops with the application host, without us.</summary>
    public const string Dashboard = "aspire-dashboard";

    // What the orchestrator says of a program that it ended has no name among Aspire's states.
    private static readonly string[] Ended = [.. KnownResourceStates.TerminalStates, "Terminated"];

    /// <summary>A service or a server's program; not a container, parameter or database, nor what a person starts by hand or what ends when its work is done.</summary>
    public static bool IsProcess(this IResource resource) =>
        resource is ProjectResource or ExecutableResource && resource.Name != Dashboard
        && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>() && !resource.HasAnnotationOfType<RunsOnceAnnotation>();

    /// <summary>It is in a state of <see cref="KnownResourceStates"/>.</summary>
    public static bool IsIn(this CustomResourceSnapshot snapshot, params ReadOnlySpan<string> states) => snapshot.State is { Text: var state } && states.Contains(state);

    /// <summary>It does not run any more.</summary>
    public static bool HasEnded(this CustomResourceSnapshot snapshot) => snapshot.IsIn(Ended);
}

/// <summary>Marks a program that does one piece of work and ends: nobody starts it again.</summary>
internal sealed class RunsOnceAnnotation : IResourceAnnotation;
