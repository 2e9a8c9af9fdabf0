using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests.Hosts;

/// <summary>A run of <see cref="HostProgram"/> in a folder of its own.</summary>
internal sealed class HostRun : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly HttpClient Http = new();

    private readonly ConcurrentQueue<string> output;
    private readonly ChildProcess process;

    private HostRun(string folder, ChildProcess process, ConcurrentQueue<string> output) => (Folder, this.process, this.output) = (folder, process, output);

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    public int Pid => process.Pid;

    /// <summary>Everything that it wrote.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Its exit code, when it ends.</summary>
    public Task<int> Exited => process.Exited.WaitAsync(TimeSpan.FromMinutes(4));

    public static async Task<HostRun> StartAsync(string scenario, string? folder = null)
    {
        var data = folder ?? TestRun.CreateFolder("host");
        var output = new ConcurrentQueue<string>();
        var assembly = typeof(HostProgram).Assembly.Location;
        var process = await ProcessLauncher.StartAsync(
            new ProcessSpec("host", "dotnet", assembly, $"--scenario={scenario}") { Environment = new Dictionary<string, string?> { ["SON1K_DATA"] = data } },
            output.Enqueue);
        return new HostRun(data, process, output);
    }

    /// <summary>Returns when everything of the model is up.</summary>
    public Task WaitUntilUpAsync() => Eventually.TrueAsync(
        () => Task.FromResult(process.IsRunning ? File.Exists(RunFile) : throw new InvalidOperationException($"The host ended.\n{Output}")), "the host is up", TimeSpan.FromMinutes(8));

    public async Task<IReadOnlyList<ResourceStatus>> GetStatusAsync() => await Http.GetFromJsonAsync<ResourceStatus[]>($"{await GetStatusUrlAsync()}/status.json", Json) ?? [];

    public async Task<string> GetStatusUrlAsync()
    {
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(RunFile));
        return run.RootElement.GetProperty("statusUrl").GetString()!;
    }

    public void Signal(Signal signal) => Posix.SendSignal(Pid, signal);

    /// <summary>The host's children and theirs, as the kernel knows them now.</summary>
    public IReadOnlyList<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && ReadParent(pid) is { } parent)
            {
                parents[pid] = parent;
            }
        }

        var found = new List<int>();
        var queue = new Queue<int>([Pid]);
        while (queue.TryDequeue(out var next))
        {
            foreach (var child in parents.Where(pair => pair.Value == next).Select(pair => pair.Key))
            {
                found.Add(child);
                queue.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>Passes when none of the processes lives any more.</summary>
    public static Task NoneIsLeftAsync(IReadOnlyList<int> pids)
    {
        Assert.NotEmpty(pids);
        return Eventually.TrueAsync(() => Task.FromResult(!pids.Any(IsAlive)), $"none of the processes {string.Join(' ', pids)} is left");
    }

    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(TimeSpan.FromMinutes(1));
        await TestRun.DeleteFolderAsync(Folder);
    }

    private string RunFile => Path.Combine(Folder, "run.json");

    private static bool IsAlive(int pid) => ReadStatus(pid) is { } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    private static int? ReadParent(int pid)
    {
        const string Key = "PPid:\t";
        var line = ReadStatus(pid)?.Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? null : int.Parse(line[Key.Length..], CultureInfo.InvariantCulture);
    }

    private static string? ReadStatus(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/status");
        }
        catch (IOException)
        {
            // It ended while we looked.
            return null;
        }
    }
}
