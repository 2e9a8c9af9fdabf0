using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What <c>/openapi/v1.json</c> says of all services, against what happens.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class DescriptionTests(Platform platform)
{
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
}
