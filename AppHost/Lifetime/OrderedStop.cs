using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Ends a run in order: services first, then the servers that they use.</summary>
/// <remarks>
/// The orchestrator alone would stop all at once. Each group has a deadline; what is left then is the orchestrator's, which kills it.
/// What only waits for others has no process yet: a stop command would hang on it.
/// </remarks>
internal sealed class OrderedStop(ProcessTable processes, ResourceCommandService commands, Terminal terminal) : IHostedLifecycleService
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(7);

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        terminal.Say("Stopping: services, then servers");
        await StopAsync(change => change.Resource is ProjectResource);
        await StopAsync(change => change.Resource is not ProjectResource);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StopAsync(Func<ResourceEvent, bool> group)
    {
        var stopping = processes.Running.Where(group).Select(change => change.ResourceId).ToArray();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await Task.WhenAll(stopping.Select(id => commands.ExecuteCommandAsync(id, KnownResourceCommands.StopCommand, deadline.Token))).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            terminal.Say($"Not stopped in {Deadline.TotalSeconds:0} s: {string.Join(", ", processes.Running.Where(group).Select(change => change.ResourceId))}");
        }
    }
}
