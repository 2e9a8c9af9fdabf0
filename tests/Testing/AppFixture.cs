using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Standalone.Servers;
using Xunit;

namespace Son1kVers3.Testing;

/// <summary>The whole application for end-to-end tests: AppHost's own model on free ports, with its data in a temporary folder.</summary>
/// <remarks>
/// Take it as a collection fixture, so that one application serves all tests of a project; derive to change <see cref="Settings"/>.
/// With <c>TEST_APP</c> set to the data folder of an application that runs already, that one is used and left alone.
/// The test project refers to <c>tests/Testing.Host</c> with <c>ReferenceOutputAssembly="false"</c>, so that everything is built.
/// </remarks>
public class AppFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentQueue<string> output = new();
    private readonly HttpClient statusClient = new() { Timeout = TimeSpan.FromSeconds(10) };
    private ChildProcess? host;
    private string folder = string.Empty;
    private RunFile run = new(0, string.Empty, string.Empty);

    /// <summary>Environment variables for AppHost, for instance <c>RATE_LIMIT_SCALE</c>, <c>FOUNDER_EMAIL</c> or <c>Replicas__generation</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["RATE_LIMIT_SCALE"] = "1000" };

    /// <summary>The public origin.</summary>
    public Uri GatewayUrl => new(run.Url);

    /// <summary>The process of AppHost.</summary>
    public int HostPid => run.Pid;

    /// <summary>What AppHost and everything under it has written, the last 2000 lines.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Logs, secrets and the servers' data.</summary>
    public string DataFolder => folder;

    /// <summary>A client of the public origin.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = GatewayUrl, Timeout = TimeSpan.FromSeconds(100) };

    /// <inheritdoc/>
    public virtual async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_APP") is { Length: > 0 } running)
        {
            folder = running;
            run = await ReadRunFileAsync() ?? throw new InvalidOperationException($"TEST_APP: nothing runs in {running}.");
            return;
        }

        await TestRun.TakeTurnAsync();
        folder = TestRun.CreateFolder("app");
        host = await ProcessLauncher.StartAsync(CreateSpec(), Remember);
        var deadline = Environment.TickCount64 + (long)StartTimeout.TotalMilliseconds;
        RunFile? started;
        while ((started = await ReadRunFileAsync()) is null)
        {
            if (!host.IsRunning || Environment.TickCount64 > deadline)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"The application did not start. It wrote:\n{Output}");
            }

            await Task.Delay(100);
        }

        run = started;
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        if (host is null)
        {
            return;
        }

        await host.StopAsync(StopTimeout);
        host = null;
        await TestRun.DeleteFolderAsync(folder);
    }

    /// <summary>The status table: one entry for each process.</summary>
    public async Task<IReadOnlyList<ResourceStatus>> GetStatusAsync() =>
        await statusClient.GetFromJsonAsync<ResourceStatus[]>($"{run.StatusUrl}/status.json", Json) ?? [];

    /// <summary>The process ids of a resource, one for each replica that runs.</summary>
    public async Task<IReadOnlyList<int>> GetPidsAsync(string resource) =>
        [.. (await GetStatusAsync()).Where(unit => unit.Resource == resource && unit.Pid is not null).Select(unit => unit.Pid!.Value)];

    /// <summary><c>kill -9</c> for the processes of a resource (or for one replica, <c>generation-1</c>); AppHost starts them again.</summary>
    public async Task KillAsync(string name)
    {
        var pids = (await GetStatusAsync()).Where(unit => (unit.Resource == name || unit.Name == name) && unit.Pid is not null).Select(unit => unit.Pid!.Value).ToArray();
        if (pids.Length == 0)
        {
            throw new InvalidOperationException($"No process of {name} runs.");
        }

        foreach (var pid in pids)
        {
            Posix.SendSignal(pid, Signal.Kill);
        }
    }

    /// <summary>Stops a resource in order, and leaves it stopped until <see cref="StartResourceAsync"/>.</summary>
    public async Task StopResourceAsync(string name)
    {
        await CommandAsync($"stop {name}");
        await WaitForStateAsync(name, "Stopped");
    }

    /// <summary>Starts a stopped resource, and returns when it is healthy.</summary>
    public async Task StartResourceAsync(string name)
    {
        await CommandAsync($"start {name}");
        await WaitForStateAsync(name, "Healthy");
    }

    /// <summary>Stops a resource in order and starts it again.</summary>
    public async Task RestartResourceAsync(string name)
    {
        await StopResourceAsync(name);
        await StartResourceAsync(name);
    }

    /// <summary>Returns when every process of a resource is in a state (<c>Healthy</c>, <c>Stopped</c>, …).</summary>
    public async Task WaitForStateAsync(string name, string state)
    {
        var deadline = Environment.TickCount64 + (long)StartTimeout.TotalMilliseconds;
        while (!(await GetStatusAsync()).Where(unit => unit.Resource == name || unit.Name == name).All(unit => unit.State == state))
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"{name} is not {state} in time.\n{Output}");
            }

            await Task.Delay(100);
        }
    }

    private async Task CommandAsync(string line)
    {
        if (host is null)
        {
            throw new InvalidOperationException("The application of TEST_APP belongs to others.");
        }

        await host.WriteLineAsync(line);
    }

    private ProcessSpec CreateSpec()
    {
        var environment = new Dictionary<string, string?>
        {
            ["SON1K_DATA"] = folder,
            ["GATEWAY_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = null,
            ["STRIPE_SECRET_KEY"] = null,
            ["FOUNDER_EMAIL"] = null,
        };
        foreach (var (name, value) in Settings)
        {
            environment[name] = value;
        }

        var configuration = typeof(AppFixture).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var assembly = Path.Combine(TestRun.RepositoryRoot, "tests", "Testing.Host", "bin", configuration, "net10.0", "Son1kVers3.Testing.Host.dll");
        return new ProcessSpec("apphost", "dotnet", assembly, "--yes") { Environment = environment, KeepInput = true };
    }

    private async Task<RunFile?> ReadRunFileAsync()
    {
        var path = Path.Combine(folder, "run.json");
        return File.Exists(path) ? JsonSerializer.Deserialize<RunFile>(await File.ReadAllTextAsync(path), Json) : null;
    }

    private void Remember(string line)
    {
        output.Enqueue(line);
        while (output.Count > 2000)
        {
            output.TryDequeue(out _);
        }
    }

    private sealed record RunFile(int Pid, string StatusUrl, string Url);
}

/// <summary>One process of the application, as the status page shows it.</summary>
/// <param name="Name">The process; <c>generation-1</c> where there are replicas.</param>
/// <param name="Resource">What it is a part of.</param>
/// <param name="State">Waiting, Starting, Healthy, Unhealthy, BackOff, Stopping, Stopped or Failed.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">While it runs.</param>
/// <param name="Restarts">How often it was started again.</param>
public sealed record ResourceStatus(string Name, string Resource, string State, string? Url, int? Pid, int Restarts);
