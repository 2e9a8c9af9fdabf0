using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.ServiceDefaults.Workers;

/// <summary>Does its round at intervals for as long as the service runs, the first one an interval after the start.</summary>
/// <remarks>
/// A round that fails is logged and done again at the next interval: nothing that it meets (a database that is away, a row that cannot be read) ends the rounds
/// or the service. A round must therefore be safe to repeat, and to run at two replicas at once.
/// </remarks>
public abstract class PeriodicWorker(TimeSpan interval, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>The clock of the rounds.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>Where the rounds tell what they did.</summary>
    protected ILogger Log { get; } = log;

    /// <summary>One round.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.LogWarning(e, "{Worker} will try again", GetType().Name);
            }
        }
    }
}

/// <summary>Registers workers.</summary>
public static class WorkerExtensions
{
    /// <summary>A worker that others (tests, too) can ask for as well.</summary>
    public static IServiceCollection AddWorker<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
