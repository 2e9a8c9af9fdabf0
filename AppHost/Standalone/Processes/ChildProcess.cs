using System.Diagnostics;

namespace Son1kVers3.Standalone.Processes;

/// <summary>A process of ours: the leader of a session and a group of its own, tied to the launcher's life.</summary>
public sealed class ChildProcess
{
    // What it wrote is read to its end, unless something that escaped its group holds the pipe open.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly ProcessSpec spec;
    private readonly Process process;

    internal ChildProcess(ProcessSpec spec, Process process, Action<string> output)
    {
        this.spec = spec;
        this.process = process;
        Pid = process.Id;
        Exited = WatchAsync(output);
    }

    /// <summary>The process id, which is also the id of its group.</summary>
    public int Pid { get; }

    /// <summary>Completes with the exit code (128 + n after signal n) when the process and what it started are gone.</summary>
    public Task<int> Exited { get; }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !Exited.IsCompleted;

    /// <summary>Asks it to stop, and kills the whole group when the grace is over.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!IsRunning)
        {
            return;
        }

        Posix.SendSignal(Pid, spec.StopSignal);
        if (await Task.WhenAny(Exited, Task.Delay(grace)) != Exited)
        {
            Kill();
        }

        await Exited;
    }

    /// <summary>Writes a line to its input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Kills the process and everything in its group at once.</summary>
    public void Kill()
    {
        if (IsRunning)
        {
            Posix.SendSignalToGroup(Pid, Signal.Kill);
        }
    }

    private async Task<int> WatchAsync(Action<string> output)
    {
        await Task.Yield();
        var pumps = Task.WhenAll(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, output));
        await process.WaitForExitAsync();

        // What the process itself had started and left behind (an encoder of a killed worker) goes with it.
        Posix.SendSignalToGroup(Pid, Signal.Kill);
        await Task.WhenAny(pumps, Task.Delay(LastWords));
        ProcessGuard.Forget(Pid);
        return process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output(line);
        }
    }
}
