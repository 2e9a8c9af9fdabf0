using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Son1kVers3.Generation.Providers;

/// <summary>Keeps the providers' status fresh and tells it in <c>/health</c>: without one that works, the service is degraded.</summary>
internal sealed class ProviderWatch(ProviderCatalog catalog, TimeProvider clock) : IHostedLifecycleService, IHealthCheck, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Before requests are served.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await catalog.LookAsync(cancellationToken);
        _watching = WatchAsync(_stop.Token);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = catalog.All.Where(p => !catalog.StatusOf(p).Available).Select(p => $"{p.Name}: {catalog.StatusOf(p).Detail}").ToList();
        return Task.FromResult(away.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", away)));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stop))
            await catalog.LookAsync(stop);
    }
}
