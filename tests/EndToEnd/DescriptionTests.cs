using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What <c>/openapi/v1.json</c> says of all services, against what happens.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class DescriptionTests(Platform platform)
{
    private static readonly HashSet<string> Words = ["description", "summary", "title", "example", "examples", "servers", "info", "tags"];

    [Fact]
    public async Task EveryCall_WhenSentInManyWrongWays_AnswersAsItIsDescribed()
    {
        using var anonymous = platform.CreateClient();
        var member = await platform.SignUpAsync();

        var findings = await DescribedAnswers.FindUndescribedAsync(anonymous, member.Client);

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task EveryRefusal_IsDescribedAsAProblem()
    {
        var member = await platform.SignUpAsync();
        var paths = JsonNode.Parse(await member.Client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        var refusals = paths.Where(path => path.Key.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(path => path.Value!.AsObject().Select(call => call.Value).OfType<JsonObject>())
            .SelectMany(call => call["responses"] is JsonObject responses ? responses.Where(r => r.Key[0] is '4' or '5') : [])
            .Where(refusal => refusal.Value!["$ref"] is null);

        Assert.All(refusals, refusal => Assert.Equal(["application/problem+json"], refusal.Value!["content"]!.AsObject().Select(content => content.Key)));
    }

    /// <summary>The web app's types say which shape of the document they were made from; <c>npm run api</c> in <c>web/</c> makes them anew.</summary>
    [Fact]
    public async Task TypesOfTheWebApp_AreMadeFromTheServedDocument()
    {
        var member = await platform.SignUpAsync();
        using var document = JsonDocument.Parse(await member.Client.GetStringAsync("/openapi/v1.json"));
        var lines = Leaves(document.RootElement, "").Order(StringComparer.Ordinal);
        var shape = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

        var made = File.ReadLines(Path.Combine(TestRun.RepositoryRoot, "web", "src", "api", "schema.d.ts")).First();

        Assert.Equal($"// Shape of the document: {shape}", made);
    }

    /// <summary>Every leaf with its place, words for people left out: as <c>web/scripts/api.mjs</c> writes them.</summary>
    private static IEnumerable<string> Leaves(JsonElement node, string place) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().Where(member => place.EndsWith("/properties", StringComparison.Ordinal) || !Words.Contains(member.Name)).SelectMany(member => Leaves(member.Value, $"{place}/{member.Name}")),
        JsonValueKind.Array => node.EnumerateArray().SelectMany((item, index) => Leaves(item, $"{place}/{index}")),
        JsonValueKind.String => [$"{place}={node.GetString()}"],
        JsonValueKind.Number => [$"{place}={node.GetDouble().ToString("R", CultureInfo.InvariantCulture)}"],
        _ => [$"{place}={node.GetRawText()}"],
    };
}
