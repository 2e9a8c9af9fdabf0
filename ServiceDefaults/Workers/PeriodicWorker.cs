using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.ServiceDefaults.Workers;

/// <summary>When and where a worker does its rounds.</summary>
/// <param name="Interval">From the end of one round to the next.</param>
public sealed record Schedule(TimeSpan Interval)
{
    /// <summary>The first round comes at the start, not an interval after it.</summary>
    public bool StartsAtOnce { get; init; }

    /// <summary>After a round that failed, when that shall be sooner than the interval.</summary>
    public TimeSpan? Retry { get; init; }

    /// <summary>
    /// Of all replicas one at a time does a round, under a lease of the worker's name; the others let theirs pass. Null: each replica does its own,
    /// so a round must be safe at two replicas at once.
    /// </summary>
    public LeaseStore? OneReplica { get; init; }

    public static implicit operator Schedule(TimeSpan interval) => new(interval);
}

/// <summary>Does its round at intervals for as long as the service runs, and sooner when it is woken.</summary>
/// <remarks>
/// A round that fails is logged and done again at the next interval: nothing that it meets (a database that is away, a row that cannot be read) ends the rounds
/// or the service. A round must therefore be safe to repeat.
/// </remarks>
public abstract class PeriodicWorker(Schedule schedule, TimeProvider clock, ILogger log) : BackgroundService
{
    // Holds at most one: who is woken twice before a round does one round.
    private readonly SemaphoreSlim _woken = new(0, 1);
    private bool _failed;

    /// <summary>The clock of the rounds.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>Where the rounds tell what they did.</summary>
    protected ILogger Log { get; } = log;

    /// <summary>How long until the next round; asked after each.</summary>
    protected virtual TimeSpan Interval => schedule.Interval;

    /// <summary>The next round comes now, or once the present one has ended. Only a short cut: what it is for must be found at the next interval, too.</summary>
    public void Wake()
    {
        lock (_woken)
        {
            if (_woken.CurrentCount == 0)
                _woken.Release();
        }
    }

    /// <summary>One round. The token fires when the service stops, and when another replica took the lease.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whatever a round does at first must not keep the host from starting.
        await Task.Yield();
        if (!schedule.StartsAtOnce)
            await WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryRoundAsync(stoppingToken);
            await WaitAsync(stoppingToken);
        }
    }

    private async Task TryRoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RoundAsync(stoppingToken);
            _failed = false;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception e)
        {
            // The first of a row of failures is told in full.
            Log.LogWarning(_failed ? null : e, "{Worker} will try again: {Reason}", GetType().Name, e.Message);
            _failed = true;
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        if (schedule.OneReplica is not { } leases)
        {
            await RunAsync(stoppingToken);
            return;
        }

        await using var lease = await leases.TryTakeAsync($"worker/{GetType().Name}", cancellationToken: stoppingToken);
        if (lease is not null)
            await RunAsync(lease.Lost);
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var interval = Task.Delay(_failed && schedule.Retry is { } retry && retry < Interval ? retry : Interval, Clock, over.Token);
        var woken = _woken.WaitAsync(over.Token);
        await Task.WhenAny(interval, woken);
        await over.CancelAsync();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>Registers workers.</summary>
public static class WorkerExtensions
{
    /// <summary>A worker that others (tests, too) can ask for as well.</summary>
    public static IServiceCollection AddWorker<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
