using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.OpenApi;
using Son1kVers3.Contracts;
using Son1kVers3.Gateway.Documents;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
public sealed class DocumentTests(World world)
{
    private const string Billing = """
        { "openapi": "3.1.1", "info": { "title": "Billing", "version": "1" },
          "paths": {
            "/api/tiers": { "get": { "operationId": "List", "tags": ["Son1kVers3.Billing"], "responses": { "200": { "description": "OK",
              "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PageOfTier" } } } } } } },
            "/api/admin/dashboard": { "get": { "tags": ["Admin"], "responses": { "200": { "description": "OK" } } } },
            "/internal/secret": { "get": { "responses": { "200": { "description": "OK",
              "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Secret" } } } } } } } },
          "components": { "schemas": {
            "Item": { "type": "object", "properties": { "price": { "type": "integer" } } },
            "PageOfTier": { "type": "object", "properties": { "items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } } } },
            "Problem": { "type": "object" },
            "Secret": { "type": "object" } } } }
        """;

    private const string Pool = """
        { "openapi": "3.1.1", "info": { "title": "Pool", "version": "1" },
          "paths": {
            "/api/community/pool": { "get": { "operationId": "List", "responses": {
              "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/PageOfTier" } } } },
              "404": { "description": "No", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } } } },
            "/api/tiers/stolen": { "get": { "responses": { "200": { "description": "OK" } } } } },
          "components": { "schemas": {
            "Item": { "type": "object", "properties": { "title": { "type": "string" } } },
            "PageOfTier": { "type": "object", "properties": { "items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } } } },
            "Problem": { "type": "object" } } } }
        """;

    private const string Stealth = """
        { "openapi": "3.1.1", "info": { "title": "Stealth", "version": "1" },
          "paths": { "/api/stealth/health": { "get": { "responses": { "200": { "description": "OK" } } } } } }
        """;

    [Fact]
    [Trait("Category", "Unit")]
    public void Merge_OfClashingSchemas_KeepsBothApart()
    {
        var merged = new OpenApiMerge().Add("billing", Parse(Billing)).Add("pool", Parse(Pool)).Build("1.0.0");

        var schemas = merged["components"]!["schemas"]!.AsObject();
        Assert.Equal(["Item", "PageOfTier", "PoolItem", "PoolPageOfTier", "Problem"], schemas.Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.Equal("#/components/schemas/PoolItem", schemas["PoolPageOfTier"]!["properties"]!["items"]!["items"]!["$ref"]!.GetValue<string>());
        var pool = merged["paths"]!["/api/community/pool"]!["get"]!;
        Assert.Equal("#/components/schemas/PoolPageOfTier", pool["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        Assert.Equal("#/components/schemas/Problem", pool["responses"]!["404"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>());
        Assert.Equal("#/components/responses/RateLimited", pool["responses"]!["429"]!["$ref"]!.GetValue<string>());
        Assert.Equal("PoolList", pool["operationId"]!.GetValue<string>());
        Assert.Equal("Pool", pool["tags"]![0]!.GetValue<string>());
    }

    [Fact]
    [Trait("Category", "Unit")]
    public void Merge_OfAnything_HoldsOnlyWhatIsRouted()
    {
        var merged = new OpenApiMerge().Add("billing", Parse(Billing)).Add("pool", Parse(Pool)).Build("1.0.0");

        Assert.Equal(["/api/admin/dashboard", "/api/community/pool", "/api/tiers"], merged["paths"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal("operator", merged["paths"]!["/api/admin/dashboard"]!["get"]!["x-required-role"]!.GetValue<string>());
        Assert.Null(merged["components"]!["schemas"]!["Secret"]);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task OpenApi_WhileOneServiceHasNotDescribedItself_Is503_AndThenWhole()
    {
        var stealthAnswers = Results.StatusCode(500);
        await using var billing = await Backend.StartAsync("billing", app => app.MapGet("/openapi/v1.json", () => Results.Text(Billing, "application/json")));
        await using var pool = await Backend.StartAsync("pool", app => app.MapGet("/openapi/v1.json", () => Results.Text(Pool, "application/json")));
        await using var stealth = await Backend.StartAsync("stealth", app => app.MapGet("/openapi/v1.json", () => stealthAnswers));
        await using var gateway = await world.StartGatewayAsync(
            ("services:billing:http:0", billing.Address), ("services:pool:http:0", pool.Address), ("services:stealth:http:0", stealth.Address));

        using (var refused = await gateway.Client().GetAsync("/openapi/v1.json"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("stealth", Parse(await refused.Content.ReadAsStringAsync())["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        stealthAnswers = Results.Text(Stealth, "application/json");
        using var answer = await gateway.Client().GetAsync("/openapi/v1.json");
        var json = await answer.Content.ReadAsStringAsync();

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(json, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal(4, read.Document!.Paths.Count);
        Assert.Equal(["apiKey", "bearer"], read.Document.Components!.SecuritySchemes!.Keys.Order(StringComparer.Ordinal));
        Assert.NotNull(Parse(json)["paths"]!["/api/stealth/health"]);
    }

    [Fact]
    [Trait("Category", "Unit")]
    public async Task OpenApi_WhenAServiceGoesAwayLater_StillDescribesIt()
    {
        var (clock, isAway) = (new MovableClock(), false);
        var services = new Services(host => host == "stealth" && isAway ? null : host == "stealth" ? Stealth : Billing);
        var document = new Documents.OpenApiDocument(services, clock, NullLogger<Documents.OpenApiDocument>.Instance);
        var before = await document.GetAsync(default);

        isAway = true;
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(before, await document.GetAsync(default));
        Assert.NotNull(Parse(Encoding.UTF8.GetString(before))["paths"]!["/api/stealth/health"]);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task AsyncApi_CoversEveryEventThatSomethingPublishes()
    {
        var document = Parse(await world.Gateway.Client().GetStringAsync("/asyncapi/v1.json"));

        Assert.Equal("3.0.0", document["asyncapi"]!.GetValue<string>());
        var events = typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) && ContractComments.PublishersOf(type).Count > 0).Select(type => type.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Contains(nameof(GenerationCompleted), events);
        Assert.Equal(["generation"], ContractComments.PublishersOf(typeof(GenerationCompleted)));
        Assert.Contains("billing", ContractComments.ConsumersOf(typeof(GenerationCompleted)));
        foreach (var part in new[] { document["channels"], document["components"]!["messages"], document["components"]!["schemas"] })
            Assert.Equal(events, part!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        var channel = document["channels"]!["GenerationCompleted"]!;
        Assert.Equal("son1k.generation-completed.v1", channel["address"]!.GetValue<string>());
        Assert.Equal("fanout", channel["bindings"]!["amqp"]!["exchange"]!["type"]!.GetValue<string>());
        var schema = document["components"]!["schemas"]!["GenerationCompleted"]!;
        string[] fields =
        [
            "eventId", "occurredAt", "schemaVersion", "sequence", "generationId", "userId", "tier", "allowance", "quality", "title", "genre", "mood", "tempo", "key",
            "durationSeconds", "bytes", "visibility", "parentId", "palette", "peaks", "features", "provider",
        ];
        Assert.Equal(fields.Order(StringComparer.Ordinal), schema["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["FREE", "CREATOR", "PRO", "STUDIO"], schema["properties"]!["tier"]!["enum"]!.AsArray().Select(v => v!.GetValue<string>()));
        AssertReferencesResolve(document, document);
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task Reference_LoadsOnlyOwnFiles_AndOnlyItsOwnInlineScriptMayRun()
    {
        var client = world.Gateway.Client();
        using var answer = await client.GetAsync("/docs");
        var html = await answer.Content.ReadAsStringAsync();
        var scripts = Regex.Matches(html, "<script(?<attributes>[^>]*)>").Select(m => m.Groups["attributes"].Value).ToList();

        var nonce = Regex.Match(answer.Headers.GetValues("Content-Security-Policy").Single(), "script-src 'self' 'nonce-(?<value>[^']+)'").Groups["value"].Value;
        Assert.NotEmpty(nonce);
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script, StringComparison.Ordinal));
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", html);
        Assert.DoesNotContain("proxy.scalar.com", html, StringComparison.Ordinal);
        var sources = scripts.Select(script => Regex.Match(script, "src=\"(?<url>[^\"]+)\"")).Where(m => m.Success).Select(m => m.Groups["url"].Value).ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
            (await client.GetAsync(new Uri(new Uri(client.BaseAddress!, answer.RequestMessage!.RequestUri!.AbsolutePath), source))).EnsureSuccessStatusCode();
        Assert.DoesNotContain("nonce", (await client.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    /// <summary>Services that describe themselves so, by name; those without a description are away.</summary>
    private sealed class Services(Func<string, string?> describe) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(describe(request.RequestUri!.Host) is { } json
                ? new HttpResponseMessage { Content = new StringContent(json, Encoding.UTF8, "application/json") } : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static void AssertReferencesResolve(JsonNode? node, JsonObject document)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue reference)
                {
                    JsonNode? target = document;
                    foreach (var part in reference.GetValue<string>()[2..].Split('/'))
                        target = target?[part];
                    Assert.NotNull(target);
                }

                foreach (var member in members)
                    AssertReferencesResolve(member.Value, document);
                break;
            case JsonArray items:
                foreach (var item in items)
                    AssertReferencesResolve(item, document);
                break;
        }
    }
}
