using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Son1kVers3.Standalone.Processes;

/// <summary>Starts child processes that can't outlive this one.</summary>
/// <remarks>
/// <para>
/// A child runs as <c>setsid setpriv --pdeathsig SIG program …</c>. Both exec in place, so its pid is the program's, Ctrl+C on the terminal
/// does not reach it (the launcher stops children in order), and the kernel signals it when the launcher dies, also by <c>kill -9</c>.
/// </para>
/// <para>
/// The kernel's parent-death signal follows the <em>thread</em> that forked: a pool thread that retires would kill its children.
/// So one thread, which lives as long as the process, starts them all. Where the launcher dies after the fork and before setpriv has asked for the signal,
/// the signal never comes; a shell in between compares its parent with the launcher and gives up.
/// </para>
/// </remarks>
public static class ProcessLauncher
{
    private const string ParentCheck = """[ "$PPID" = "$1" ] || exit 1; shift; exec "$@" """;

    private static readonly BlockingCollection<Request> Requests = [];
    private static readonly Lazy<Thread> StarterThread = new(CreateThread);

    private sealed record Request(ProcessStartInfo Info, TaskCompletionSource<Process> Started);

    /// <summary>Starts a program; each line of its output and error goes to <paramref name="output"/>.</summary>
    /// <exception cref="InvalidOperationException">The program can't be started.</exception>
    public static async Task<ChildProcess> StartAsync(ProcessSpec spec, Action<string> output)
    {
        ProcessGuard.EnsureStarted();
        var process = await StartOnThreadAsync(CreateStartInfo(spec));
        if (!spec.KeepInput)
        {
            process.StandardInput.Close();
        }

        ProcessGuard.Watch(process.Id);
        return new ChildProcess(spec, process, output);
    }

    /// <summary>Runs a program to its end and returns its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessSpec spec)
    {
        var lines = new ConcurrentQueue<string>();
        var child = await StartAsync(spec, lines.Enqueue);
        var exitCode = await child.Exited;
        return (exitCode, string.Join('\n', lines));
    }

    internal static async Task<Process> StartOnThreadAsync(ProcessStartInfo info)
    {
        _ = StarterThread.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(new Request(info, started));
        return await started.Task;
    }

    private static ProcessStartInfo CreateStartInfo(ProcessSpec spec)
    {
        var info = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory ?? string.Empty,
        };
        info.ArgumentList.Add("setpriv");
        if (spec.User is { } user && Posix.IsRoot)
        {
            Add(info, "--reuid", user, "--regid", user, "--init-groups");
        }

        Add(info, "--pdeathsig", spec.DeathSignal switch { Signal.Interrupt => "INT", Signal.Quit => "QUIT", Signal.Terminate => "TERM", _ => "KILL" });
        Add(info, "sh", "-c", ParentCheck, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), spec.Program);
        Add(info, spec.Arguments);
        SetEnvironment(info, spec);
        return info;
    }

    private static void SetEnvironment(ProcessStartInfo info, ProcessSpec spec)
    {
        if (spec.CleanEnvironment)
        {
            var path = Environment.GetEnvironmentVariable("PATH");
            info.Environment.Clear();
            info.Environment["PATH"] = path;
            info.Environment["LC_ALL"] = "C.UTF-8";
        }

        foreach (var (name, value) in spec.Environment)
        {
            if (value is null)
            {
                info.Environment.Remove(name);
            }
            else
            {
                info.Environment[name] = value;
            }
        }
    }

    private static void Add(ProcessStartInfo info, params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }
    }

    private static Thread CreateThread()
    {
        var thread = new Thread(StartRequested) { IsBackground = true, Name = "process launcher" };
        thread.Start();
        return thread;
    }

    private static void StartRequested()
    {
        foreach (var request in Requests.GetConsumingEnumerable())
        {
            try
            {
                request.Started.SetResult(Process.Start(request.Info) ?? throw new InvalidOperationException("Nothing was started."));
            }
            catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
            {
                request.Started.SetException(new InvalidOperationException($"Can't start {string.Join(' ', request.Info.ArgumentList)}: {exception.Message}", exception));
            }
        }
    }
}
