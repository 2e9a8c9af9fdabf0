using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Ends a run in order: services first, then the servers that they use.</summary>
/// <remarks>
/// <para>
/// The orchestrator alone would stop all at once. Each group has a deadline; what is left then is the orchestrator's, which kills it.
/// What only waits for others has no process yet: a stop command would hang on it.
/// </para>
/// <para>
/// It runs when the application begins to stop, before anything else hears of that: hosted services are told only once all have started, and a person may
/// press Ctrl+C earlier.
/// </para>
/// </remarks>
internal sealed class OrderedStop(ProcessTable processes, ResourceCommandService commands, Restarts restarts, Terminal terminal, IHostApplicationLifetime host) : IHostedService
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(7);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The last that registers is the first that is called, and whoever else is to be told waits for it.
        host.ApplicationStopping.Register(() => Task.Run(StopInOrderAsync, CancellationToken.None).GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StopInOrderAsync()
    {
        terminal.Say("Stopping: services, then servers");
        restarts.End();
        await StopAsync(change => change.Resource is ProjectResource);
        await StopAsync(change => change.Resource is not ProjectResource);
    }

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
