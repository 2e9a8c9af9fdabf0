using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Stops the bus with the host, and leaves it to itself when it does not end: a send that a dead broker has swallowed would keep it for ever.</summary>
internal sealed class BoundedStop(MassTransitHostedService bus, ILogger<BoundedStop> log) : IHostedService
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken) => bus.StartAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => bus.StopAsync(cancellationToken), CancellationToken.None).WaitAsync(Timeout, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            log.LogWarning("The bus did not stop in time; what it had in hand comes again.");
        }
    }

    /// <summary>Takes the place of MassTransit's own hosted service, in the same order.</summary>
    public static void Replace(IServiceCollection services)
    {
        var own = services.Single(service => service.ImplementationType == typeof(MassTransitHostedService) && service.ServiceType == typeof(IHostedService));
        services[services.IndexOf(own)] = ServiceDescriptor.Singleton<IHostedService, BoundedStop>();
        services.AddSingleton<MassTransitHostedService>();
    }
}
