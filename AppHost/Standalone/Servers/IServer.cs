using Son1kVers3.Standalone.Processes;

namespace Son1kVers3.Standalone.Servers;

/// <summary>A server program that keeps its data in one folder and listens on one loopback port.</summary>
public interface IServer
{
    /// <summary>The port it listens on.</summary>
    int Port { get; }

    /// <summary>How long its orderly stop may take before it is killed.</summary>
    TimeSpan StopGrace { get; }

    /// <summary>Creates what the program needs before its start, and clears what a crash left behind. May be called before every start.</summary>
    Task PrepareAsync(Action<string> log, CancellationToken cancellationToken);

    /// <summary>The program to run.</summary>
    ProcessSpec CreateSpec();

    /// <summary>One attempt to use the server; false while it does not answer.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}
