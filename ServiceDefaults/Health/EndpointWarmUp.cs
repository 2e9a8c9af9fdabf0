using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Son1kVers3.ServiceDefaults.Health;

/// <summary>Compiles the endpoints, prepares JSON for everything they read and answer, and sends one request through the server.</summary>
internal sealed class EndpointWarmUp(EndpointDataSource endpoints, IOptions<JsonOptions> json, IServiceProvider services) : IWarmUp
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        var types = endpoints.Endpoints.SelectMany(endpoint => endpoint.Metadata
            .Select(metadata => metadata switch
            {
                IAcceptsMetadata accepts => accepts.RequestType,
                IProducesResponseTypeMetadata produces => produces.Type,
                _ => null,
            }));
        foreach (var type in types.OfType<Type>().Where(type => type != typeof(void)).Distinct())
            Prepare(type);
        if (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
            await AskAsync(address, cancellationToken);
    }

    private void Prepare(Type type)
    {
        try
        {
            _ = json.Value.SerializerOptions.GetTypeInfo(type);
        }
        catch (NotSupportedException)
        {
            // No JSON: a stream, a file.
        }
    }

    private static async Task AskAsync(string address, CancellationToken cancellationToken)
    {
        var own = new UriBuilder(address.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)) { Path = "/alive" };
        if (own.Host is "0.0.0.0" or "[::]")
            own.Host = "localhost";
        using var http = new HttpClient { Timeout = Timeout };
        (await http.GetAsync(own.Uri, cancellationToken)).Dispose();
    }
}
