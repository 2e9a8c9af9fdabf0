using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Starts again what ended by itself: Aspire leaves it down.</summary>
/// <remarks>
/// <para>
/// It only watches the states. A handler of Aspire's stopped event would be awaited under the one lock that all state changes pass, and a delay in it would
/// freeze every resource. Waiting and starting happen in a task for each process, one at a time.
/// </para>
/// <para>What was told to stop, by a person or by <see cref="OrderedStop"/>, passes the state "Stopping", and is left down.</para>
/// </remarks>
internal sealed class Restarts(
    ResourceNotificationService states, ResourceCommandService commands, FailureReport report, TimeProvider clock) : BackgroundService
{
    private readonly ConcurrentDictionary<string, RestartedProcess> _processes = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>From now on what ends stays down.</summary>
    public void End() => _end.Cancel();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _end.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _end.Token);
        var stopping = either.Token;
        await foreach (var change in states.WatchAsync(stopping))
        {
            if (change.Resource.IsProcess()
                && _processes.GetOrAdd(change.ResourceId, _ => new RestartedProcess(new Backoff(clock))) is { } process
                && process.Observe(change.Snapshot))
            {
                _ = RestartAsync(process, change.ResourceId, stopping);
            }
        }
    }

    private async Task RestartAsync(RestartedProcess process, string id, CancellationToken stopping)
    {
        try
        {
            do
            {
                var delay = process.Backoff.Ended();
                await report.SayAsync(id, process.Last, process.Backoff.Failures, delay, stopping);
                await Task.Delay(delay, clock, stopping);

                // A start that fails at once raises no further change of state.
                while (!(await commands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, stopping)).Success && process.IsDown)
                    await Task.Delay(process.Backoff.Ended(), clock, stopping);
            }
            while (!process.IsUpAgain());
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application ends.
        }
    }
}
