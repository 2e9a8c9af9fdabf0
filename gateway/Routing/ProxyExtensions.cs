using System.Net;
using Son1kVers3.Gateway.Streams;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Son1kVers3.Gateway.Routing;

/// <summary>The way to the services: one cluster each, its replicas as destinations.</summary>
internal static class ProxyExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>No byte in either direction for so long, and the service counts as gone. Live streams send a comment every 15 s.</summary>
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Registers YARP with the table of routes; replicas are found by their service's name.</summary>
    public static IServiceCollection AddProxy(this IServiceCollection services)
    {
        // Probes of a service that is away fail every other second; /health tells it once.
        services.AddLogging(logging => logging.AddFilter("Yarp.ReverseProxy.Health", LogLevel.Error));
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnectionPolicy>();
        services.AddReverseProxy()
            .LoadFromMemory([.. RouteTable.Routes.Select(RouteOf)], [.. RouteTable.Services.Select(ClusterOf)])
            .AddServiceDiscoveryDestinationResolver()
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout)
            .AddTransforms(transforms =>
            {
                transforms.AddStreamLimit();
                transforms.AddResponseHeaderRemove("Server", ResponseCondition.Always);
                transforms.AddResponseHeaderRemove("X-Powered-By", ResponseCondition.Always);
            });
        return services;
    }

    /// <summary>Maps the routes: fail-over around the choice of a replica, then the forwarding itself.</summary>
    public static IEndpointRouteBuilder MapProxy(this IEndpointRouteBuilder app)
    {
        app.MapReverseProxy(pipeline =>
        {
            pipeline.UseStreamLimit();
            pipeline.UseMiddleware<Failover>();
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        });
        return app;
    }

    private static RouteConfig RouteOf(PublicRoute route) => new()
    {
        RouteId = route.Path,
        ClusterId = route.Service,
        Match = new RouteMatch { Path = route.Subtree ? route.Path + "/{**rest}" : route.Path },
    };

    private static ClusterConfig ClusterOf(string service) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"http://{service}" } },
        // Header bytes go through as they came, whatever their charset.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "Latin1", ResponseHeaderEncoding = "Latin1" },
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = SilenceTimeout,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        },
        HealthCheck = new HealthCheckConfig
        {
            // When no replica looks healthy all of them are tried: the probe may be wrong, and a service that came back is used at once.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromSeconds(5),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = "/alive",
            },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = RefusedConnectionPolicy.PolicyName },
        },
    };
}
