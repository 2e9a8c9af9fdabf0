using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>The last known state of each process: one entry a replica.</summary>
internal sealed class ProcessTable(ResourceNotificationService states) : BackgroundService
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _last = new();

    /// <summary>The processes that run or are just starting.</summary>
    public IReadOnlyList<ResourceEvent> Running =>
        [.. _last.Values.Where(change => change.Snapshot.IsIn(KnownResourceStates.Running, KnownResourceStates.Starting, KnownResourceStates.Stopping))];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in states.WatchAsync(stoppingToken))
        {
            if (change.Resource.IsProcess())
                _last[change.ResourceId] = change;
        }
    }
}
