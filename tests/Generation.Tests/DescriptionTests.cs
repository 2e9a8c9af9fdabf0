using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Son1kVers3.Generation.Tests;

/// <summary>What <c>/openapi/v1.json</c> says, against what happens.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class DescriptionTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Description_OfEveryCall_HasOneIdAndItsProblems()
    {
        var operations = Operations(await DescriptionAsync()).ToList();

        Assert.Equal(operations.Count, operations.Select(o => o.Call["operationId"]!.GetValue<string>()).Distinct().Count());
        foreach (var (path, _, call) in operations.Where(o => o.Path is not "/api/genres" and not "/api/providers"))
        {
            Assert.Contains("401", Statuses(call));
            if (path.Contains("{id}", StringComparison.Ordinal))
                Assert.Contains("404", Statuses(call));
            Assert.All(call["responses"]!.AsObject().Where(r => r.Key[0] == '4'),
                r => Assert.Equal(["application/problem+json"], r.Value!["content"]!.AsObject().Select(c => c.Key)));
        }
    }

    [Fact]
    public async Task Description_OfAnOrder_NamesTypesAndBounds()
    {
        var schemas = (await DescriptionAsync())["components"]!["schemas"]!;

        var order = schemas["CreateGeneration"]!;
        Assert.Equal(["prompt"], order["required"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Equal("string", order["properties"]!["prompt"]!["type"]!.GetValue<string>());
        Assert.Equal(2000, order["properties"]!["prompt"]!["maxLength"]!.GetValue<int>());
        Assert.Equal((40, 240),
            (order["properties"]!["tempo"]!["minimum"]!.GetValue<int>(), order["properties"]!["tempo"]!["maximum"]!.GetValue<int>()));
        Assert.Equal(["standard", "high", "ultra"], schemas["Quality"]!["enum"]!.AsArray().Select(v => v!.GetValue<string>()));
        Assert.Equal("string", schemas["GenerationView"]!["properties"]!["title"]!["type"]!.GetValue<string>());
        Assert.Equal("binary", schemas["VoiceMemoForm"]!["properties"]!["audio"]!["format"]?.GetValue<string>()
            ?? schemas["IFormFile"]!["format"]!.GetValue<string>());
    }

    [Fact]
    public async Task Answers_OfManyKinds_AreDescribed()
    {
        var described = Operations(await DescriptionAsync())
            .ToDictionary(o => (o.Method, o.Path.TrimEnd('/')), o => Statuses(o.Call).ToHashSet());
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var anonymous = fixture.Service.Client();
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");

        foreach (var (method, path) in described.Keys)
        {
            foreach (var (caller, track, change) in Requests(id, client, anonymous))
            {
                using var request = new HttpRequestMessage(
                    new HttpMethod(method), path.Replace("{id}", track.ToString(), StringComparison.Ordinal));
                if (method is "POST" or "PATCH")
                    request.Content = new StringContent("{ broken", Encoding.UTF8, "application/json");
                change(request);
                using var answer = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True(described[(method, path)].Contains($"{(int)answer.StatusCode}"),
                    $"{method} {path}: {(int)answer.StatusCode} {answer.ReasonPhrase}");
            }
        }
    }

    /// <summary>Requests that no call changes anything for: the body is broken, and what needs none goes to what is not there.</summary>
    private static IEnumerable<(
        HttpClient Caller, Guid Track, Action<HttpRequestMessage> Change)> Requests(Guid id, HttpClient member, HttpClient anonymous)
    {
        yield return (anonymous, id, _ => { });
        yield return (member, Guid.CreateVersion7(), r => r.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString()));
        yield return (member, Guid.CreateVersion7(), r => r.Headers.Add("Idempotency-Key", new string('x', 300)));
        yield return (member, id, r => Only(r, x => x.Content = new StringContent("prompt", Encoding.UTF8, "text/plain")));
        yield return (member, id, r => Only(r, x => x.Headers.Range = new RangeHeaderValue(0, 1)));
        yield return (member, id, r => Only(r, x => x.Headers.Range = new RangeHeaderValue(1L << 40, null)));
        yield return (member, id, r => Only(r, x => x.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\""))));
        yield return (member, id,
            r => Only(r, x => x.RequestUri = new Uri($"{x.RequestUri}?limit=0&points=7&size=7&format=7&status=7", UriKind.Relative)));
    }

    /// <summary>Deleting is for what is not there, else little is left to ask for.</summary>
    private static void Only(HttpRequestMessage request, Action<HttpRequestMessage> change)
    {
        if (request.Method == HttpMethod.Delete)
            request.RequestUri = new Uri($"/api/generations/{Guid.CreateVersion7()}", UriKind.Relative);
        else
            change(request);
    }

    private async Task<JsonNode> DescriptionAsync()
    {
        using var client = fixture.Service.Client();
        return JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!;
    }

    private static IEnumerable<(string Path, string Method, JsonNode Call)> Operations(JsonNode description) =>
        description["paths"]!.AsObject().Where(path => path.Key.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(path => path.Value!.AsObject().Where(m => m.Value is JsonObject call && call.ContainsKey("responses"))
                .Select(m => (path.Key, m.Key.ToUpperInvariant(), m.Value!)));

    private static IEnumerable<string> Statuses(JsonNode call) => call["responses"]!.AsObject().Select(r => r.Key);
}
