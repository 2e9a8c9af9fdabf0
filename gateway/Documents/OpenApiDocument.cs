using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Gateway.Routing;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.Documents;

/// <summary>The merged OpenAPI document, kept for a while: fetched from every service, and never without one of them.</summary>
/// <remarks>
/// Who reads it makes code of it, and would not see that something is missing. So a service that is away stays as it was last described,
/// and until each has been heard of once there is no document.
/// </remarks>
internal sealed class OpenApiDocument(IHttpClientFactory clients, TimeProvider clock, ILogger<OpenApiDocument> log)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "openapi";

    private static readonly TimeSpan WhenFresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhenOneIsAway = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, JsonObject> _parts = [];
    private byte[] _json = [];
    private DateTimeOffset _goodUntil;

    /// <summary>The document as UTF-8 JSON.</summary>
    /// <exception cref="ProblemException">503 while the description of a service has never been fetched.</exception>
    public async Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() < _goodUntil)
                return _json;
            var parts = await Task.WhenAll(RouteTable.Services.Select(async service => (Service: service, Document: await FetchAsync(service, cancellationToken))));
            foreach (var (service, document) in parts)
            {
                if (document is not null)
                    _parts[service] = document;
            }

            var missing = RouteTable.Services.Where(service => !_parts.ContainsKey(service)).ToList();
            if (missing.Count > 0)
                throw Problem.Unavailable($"The descriptions of these services cannot be fetched at the moment: {string.Join(", ", missing)}.", WhenOneIsAway);
            var merge = new OpenApiMerge();
            foreach (var service in RouteTable.Services)
                merge.Add(service, _parts[service]);
            _json = JsonSerializer.SerializeToUtf8Bytes(merge.Build(typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3)));
            _goodUntil = clock.GetUtcNow() + (parts.All(part => part.Document is not null) ? WhenFresh : WhenOneIsAway);
            return _json;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<JsonObject?> FetchAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            return await client.GetFromJsonAsync<JsonObject>($"http://{service}/openapi/v1.json", cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogInformation("The description of {Service} could not be fetched: {Reason}", service, e.Message);
            return null;
        }
    }
}
