using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests.Hosts;

/// <summary>A run of <see cref="HostProgram"/>, or of AppHost itself, in a folder of its own.</summary>
internal sealed class HostRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    private HostRun(string folder, Process process)
    {
        Folder = folder;
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    public int Pid => _process.Id;

    /// <summary>Everything that it wrote, but for the states.</summary>
    public string Output => string.Join('\n', _output.Where(line => !line.StartsWith("# ", StringComparison.Ordinal)));

    /// <summary>The orchestrator's two processes that work for this host.</summary>
    public int[] Orchestrator => [.. ProcessTree.All().Where(process => IsOurs(process.Pid)).Select(process => process.Pid)];

    /// <summary>Starts a scenario.</summary>
    public static HostRun Start(string scenario, string? folder = null, int? port = null) =>
        Run(typeof(HostProgram).Assembly.Location, folder, port, $"--scenario={scenario}");

    /// <summary>Starts an assembly of ours.</summary>
    public static HostRun Run(string assembly, string? folder, int? port, params string[] arguments)
    {
        var data = folder ?? TestRun.CreateFolder("host");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SON1K_DATA"] = data;
        start.Environment["GATEWAY_PORT"] = (port ?? FreePort.Next()).ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new HostRun(data, process);
    }

    /// <summary>Its exit code, when it ends.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Returns when resources are in a state.</summary>
    public Task WaitForAsync(string state, params string[] names) => Eventually.TrueAsync(
        () => !_process.HasExited ? Task.FromResult(names.All(name => StateOf(name).StartsWith(state, StringComparison.Ordinal))) : throw new InvalidOperationException($"The host ended.\n{Output}"),
        $"{string.Join(", ", names)} are {state}",
        TimeSpan.FromMinutes(8));

    /// <summary>Returns when servers answer.</summary>
    public Task WaitForHealthAsync(params string[] names) => WaitForAsync("Running Healthy", names);

    /// <summary>Returns when a text has been written.</summary>
    public Task WaitForOutputAsync(string text) => Eventually.TrueAsync(() => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)), $"it says: {text}", Limit);

    /// <summary>The process of a resource.</summary>
    public int PidOf(string name) => int.Parse(StateOf(name).Split(' ')[^1], CultureInfo.InvariantCulture);

    /// <summary>Postgres' port.</summary>
    public int DatabasePort => int.Parse(StateOf("port"), CultureInfo.InvariantCulture);

    /// <summary>The host's and the orchestrator's processes and all below them.</summary>
    public IReadOnlyList<int> Processes() => ProcessTree.Below([Pid, .. Orchestrator]);

    /// <summary>Passes when none of the processes lives any more.</summary>
    public static Task NoneIsLeftAsync(IReadOnlyList<int> pids)
    {
        Assert.NotEmpty(pids);
        return Eventually.TrueAsync(() => Task.FromResult(!pids.Any(ProcessTree.IsAlive)), $"none of the processes {string.Join(' ', pids)} is left");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            var processes = Processes();
            ProcessTree.Signal(Pid, Signals.Terminate);
            await ExitAsync();
            await NoneIsLeftAsync(processes);
        }

        _process.Dispose();
        await TestRun.DeleteFolderAsync(Folder);
    }

    private string StateOf(string name) => _output.LastOrDefault(line => line.StartsWith($"# {name} ", StringComparison.Ordinal))?[$"# {name} ".Length..] ?? string.Empty;

    private bool IsOurs(int pid)
    {
        var command = ProcessTree.CommandLine(pid);
        return command.Contains("dcp", StringComparison.Ordinal) && command.Contains($"--monitor {Pid} ", StringComparison.Ordinal);
    }
}
