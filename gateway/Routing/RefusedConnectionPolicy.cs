using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Son1kVers3.Gateway.Routing;

/// <summary>Takes a replica out of the rotation as soon as it refuses a connection, ahead of the next probe.</summary>
/// <remarks>It returns by itself after <see cref="Rest"/>, or stays out when the active probe has failed by then.</remarks>
internal sealed class RefusedConnectionPolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    /// <summary>The name that clusters refer to.</summary>
    public const string PolicyName = "RefusedConnection";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } error && Failover.NeverConnected(error))
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Rest);
    }
}
