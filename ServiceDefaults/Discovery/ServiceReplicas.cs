using System.Net;
using Microsoft.Extensions.ServiceDiscovery;

namespace Son1kVers3.ServiceDefaults.Discovery;

/// <summary>Where each replica of a service is, for those who must ask every single one.</summary>
public sealed class ServiceReplicas(ServiceEndpointResolver resolver)
{
    /// <summary>The addresses as they are configured; the service's name as a host name where none is.</summary>
    public async Task<IReadOnlyList<Uri>> OfAsync(string service, CancellationToken cancellationToken)
    {
        var source = await resolver.GetEndpointsAsync($"http://{service}", cancellationToken);
        return [.. source.Endpoints.Select(endpoint => AddressOf(endpoint.EndPoint))];
    }

    private static Uri AddressOf(EndPoint endpoint) => endpoint switch
    {
        UriEndPoint uri => uri.Uri,
        DnsEndPoint { Port: > 0 } dns => new Uri($"http://{dns.Host}:{dns.Port}"),
        DnsEndPoint dns => new Uri($"http://{dns.Host}"),
        _ => new Uri($"http://{endpoint}"),
    };
}
