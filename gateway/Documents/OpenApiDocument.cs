using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Gateway.Routing;

namespace Son1kVers3.Gateway.Documents;

/// <summary>The merged OpenAPI document, kept for a while: fetched from every service, and without those that are away.</summary>
internal sealed class OpenApiDocument(IHttpClientFactory clients, TimeProvider clock, ILogger<OpenApiDocument> log)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "openapi";

    private static readonly TimeSpan WhenComplete = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhenPartial = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private byte[] _json = [];
    private DateTimeOffset _goodUntil;

    /// <summary>The document as UTF-8 JSON.</summary>
    public async Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() < _goodUntil)
                return _json;
            var parts = await Task.WhenAll(RouteTable.Services.Select(async service => (Service: service, Document: await FetchAsync(service, cancellationToken))));
            var merge = new OpenApiMerge();
            foreach (var (service, document) in parts)
            {
                if (document is not null)
                    merge.Add(service, document);
            }

            var missing = parts.Where(part => part.Document is null).Select(part => part.Service).ToList();
            var version = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3);
            _json = JsonSerializer.SerializeToUtf8Bytes(merge.Build(version, missing));
            _goodUntil = clock.GetUtcNow() + (missing.Count == 0 ? WhenComplete : WhenPartial);
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
