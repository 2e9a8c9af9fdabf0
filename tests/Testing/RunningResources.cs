using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Son1kVers3.Testing;

/// <summary>Stops, kills and starts what an Aspire application runs, through its own commands.</summary>
/// <remarks>A server's program is <c>{server}-server</c> where it runs as one: here both names mean it.</remarks>
internal sealed class RunningResources : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private readonly ResourceNotificationService _states;
    private readonly ResourceCommandService _commands;
    private readonly ConcurrentDictionary<string, ResourceEvent> _last = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public RunningResources(DistributedApplication app)
    {
        _states = app.ResourceNotifications;
        _commands = app.Services.GetRequiredService<ResourceCommandService>();
        _watching = WatchAsync();
    }

    /// <summary>The ids of the processes of a resource that run now, one for each replica.</summary>
    public int[] Pids(string name) => [.. Instances(name).Where(instance => Is(instance, "Running")).Select(Pid).OfType<int>()];

    /// <summary>The ids of all processes that run now.</summary>
    public int[] AllPids() => [.. _last.Values.Where(instance => Is(instance, "Running")).Select(Pid).OfType<int>()];

    /// <summary><c>kill -9</c> for every process of a resource; returns when Aspire knows that they are gone.</summary>
    public async Task KillAsync(string name)
    {
        var killed = Pids(name);
        if (killed.Length == 0)
            throw new InvalidOperationException($"No process of {name} runs.");
        foreach (var pid in killed)
            ProcessTree.Signal(pid, Signals.Kill);
        await Eventually.TrueAsync(() => Task.FromResult(!Pids(name).Intersect(killed).Any()), $"{name} is gone", Limit);
    }

    /// <summary>Stops a resource in order.</summary>
    public async Task StopAsync(string name)
    {
        await CommandAsync(name, KnownResourceCommands.StopCommand);
        await Eventually.TrueAsync(() => Task.FromResult(Instances(name).All(instance => !Is(instance, "Running", "Stopping", "Starting"))), $"{name} is stopped", Limit);
    }

    /// <summary>Starts a resource that was stopped or killed, and returns when it is healthy.</summary>
    public async Task StartAsync(string name)
    {
        await CommandAsync(name, KnownResourceCommands.StartCommand);
        await WaitUntilHealthyAsync(name);
    }

    /// <summary>Returns when every replica of a resource runs and its health check passes.</summary>
    public Task WaitUntilHealthyAsync(string name) => Eventually.TrueAsync(
        () => Task.FromResult(Instances(name) is { Length: > 0 } all && all.All(IsWell) && IsServerWell(name)),
        $"{name} is healthy; it is {string.Join(", ", Instances(name).Select(instance => $"{instance.Snapshot.State?.Text} {instance.Snapshot.HealthStatus}"))}",
        Limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private static bool Is(ResourceEvent instance, params ReadOnlySpan<string> states) => states.Contains(instance.Snapshot.State?.Text ?? string.Empty);

    private static bool IsWell(ResourceEvent instance) =>
        Is(instance, "Running") && instance.Snapshot.HealthStatus is null or Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;

    private static int? Pid(ResourceEvent instance) =>
        instance.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value ? Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture) : null;

    private ResourceEvent[] Instances(string name)
    {
        var program = $"{name}-server";
        var ofProgram = _last.Values.Where(instance => instance.Resource.Name == program).ToArray();
        return ofProgram.Length > 0 ? ofProgram : [.. _last.Values.Where(instance => instance.Resource.Name == name || instance.ResourceId == name)];
    }

    // The health check is the server's, not its program's.
    private bool IsServerWell(string name) => _last.Values.Where(instance => instance.Resource.Name == name).All(IsWell);

    /// <summary>Presses a button of the dashboard.</summary>
    /// <returns>Whether it worked, and what it answered.</returns>
    public async Task<(bool Success, string Answer)> PressAsync(string name, string command, params (string Name, string Value)[] arguments)
    {
        var inputs = new InteractionInputCollection(
            [.. arguments.Select(argument => new InteractionInput { Name = argument.Name, InputType = InputType.Text, Value = argument.Value })]);
        var result = await _commands.ExecuteCommandAsync(Instances(name).Single().ResourceId, command, inputs);
        return (result.Success, result.Data?.Value ?? result.Message ?? string.Empty);
    }

    private async Task CommandAsync(string name, string command)
    {
        var instances = Instances(name);
        if (instances.Length == 0)
            throw new InvalidOperationException($"There is no resource {name}.");
        foreach (var result in await Task.WhenAll(instances.Select(instance => _commands.ExecuteCommandAsync(instance.ResourceId, command))))
        {
            if (!result.Success)
                throw new InvalidOperationException($"{command} {name}: {result.Message}");
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var change in _states.WatchAsync(_end.Token))
                _last[change.ResourceId] = change;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
