using System.Globalization;
using Son1kVers3.Standalone.Servers;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address that a resource listens on; one port for each replica.</summary>
/// <param name="name">Unique in the resource.</param>
/// <param name="uriScheme">Of its URL.</param>
/// <param name="port">Fixed, or null for a free one.</param>
/// <param name="environmentVariable">The variable that tells a program its port.</param>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port = null, string? environmentVariable = null) : IResourceAnnotation
{
    private readonly List<int> ports = [];

    /// <summary>Unique in the resource.</summary>
    public string Name => name;

    /// <summary>Of its URL.</summary>
    public string UriScheme => uriScheme;

    /// <summary>Fixed, or null for a free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The host name or address to listen on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Reachable from outside.</summary>
    public bool IsExternal { get; set; }

    internal string? EnvironmentVariable => environmentVariable;

    /// <summary>The address to bind: loopback unless the model says another.</summary>
    internal string BindAddress => TargetHost is "localhost" ? "127.0.0.1" : TargetHost;

    /// <summary>The port of a replica, chosen when first asked for.</summary>
    internal int PortOf(int replica)
    {
        lock (ports)
        {
            while (ports.Count <= replica)
            {
                ports.Add(ports.Count == 0 && Port is { } fixedPort ? fixedPort : FreePort.Next());
            }

            return ports[replica];
        }
    }

    internal string UrlOf(int replica)
    {
        var host = BindAddress is "0.0.0.0" or "*" or "+" or "[::]" ? "127.0.0.1" : BindAddress;
        return string.Create(CultureInfo.InvariantCulture, $"{uriScheme}://{host}:{PortOf(replica)}");
    }
}

/// <summary>Points to an endpoint of a resource.</summary>
/// <param name="owner">The resource.</param>
/// <param name="endpointName">The endpoint's name.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue
{
    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource => owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName => endpointName;

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has none of that name.</exception>
    public EndpointAnnotation EndpointAnnotation =>
        owner.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == endpointName)
        ?? throw new InvalidOperationException($"The resource '{owner.Name}' has no endpoint '{endpointName}'.");

    /// <summary>The port of the first replica.</summary>
    public int Port => EndpointAnnotation.PortOf(0);

    /// <summary>The URL of the first replica.</summary>
    public string Url => EndpointAnnotation.UrlOf(0);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);
}
