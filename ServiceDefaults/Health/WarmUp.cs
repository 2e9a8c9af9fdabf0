using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.ServiceDefaults.Health;

/// <summary>Something that costs the first request much: done once at start, and <c>/health</c> waits for it.</summary>
public interface IWarmUp
{
    /// <summary>Tried again every second until it does not throw. Leaves nothing behind that anyone could see.</summary>
    Task WarmAsync(CancellationToken cancellationToken);
}

/// <summary>Warms everything at once, and is healthy when all of it is warm.</summary>
internal sealed class WarmUp(IEnumerable<IWarmUp> steps, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<WarmUp> log) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Services start at once and wait for each other: only what takes longer is worth a warning.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private volatile bool _done;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_done ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("It is still warming up."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Migrations come first, and the server must listen.
        await StartedAsync(stoppingToken);
        await Task.WhenAll(steps.Select(step => WarmAsync(step, stoppingToken)));
        _done = true;
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task WarmAsync(IWarmUp step, CancellationToken stoppingToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await step.WarmAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.Log(clock.GetElapsedTime(begun) < Quiet ? LogLevel.Debug : LogLevel.Warning, "{Step} is not warm yet: {Reason}", step.GetType().Name, e.Message);
                await Task.Delay(Retry, clock, stoppingToken);
            }
        }
    }
}

/// <summary>Registers what is warmed.</summary>
public static class WarmUpExtensions
{
    /// <summary>Adds a step.</summary>
    public static IServiceCollection AddWarmUp<T>(this IServiceCollection services)
        where T : class, IWarmUp => services.AddSingleton<IWarmUp, T>();

    internal static IServiceCollection AddWarmUps(this IServiceCollection services)
    {
        services.AddSingleton<WarmUp>().AddHostedService(provider => provider.GetRequiredService<WarmUp>());
        services.AddHealthChecks().AddCheck<WarmUp>("warm-up");
        return services.AddWarmUp<EndpointWarmUp>();
    }
}
