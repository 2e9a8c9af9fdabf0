using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What <c>/openapi/v1.json</c> says of all services, against what happens.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed partial class DescriptionTests(Platform platform)
{
    [Fact]
    public async Task EveryCall_WhenSentWithABrokenBody_AnswersAsItIsDescribed()
    {
        var member = await platform.SignUpAsync();
        var paths = JsonNode.Parse(await member.Client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        foreach (var (path, calls) in paths.Where(p => p.Key.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var (method, call) in calls!.AsObject().Where(c => c.Value is JsonObject described && described.ContainsKey("responses")))
            {
                var answers = call!["responses"]!.AsObject();
                Assert.All(answers.Where(r => r.Key[0] is '4' or '5' && !((JsonObject)r.Value!).ContainsKey("$ref")), r => Assert.Equal(["application/problem+json"], r.Value!["content"]!.AsObject().Select(c => c.Key)));

                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), Parameter().Replace(path, Guid.CreateVersion7().ToString()));
                if (method is "post" or "patch" or "put")
                    request.Content = new StringContent("{ broken", Encoding.UTF8, "application/json");
                using var answer = await member.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True(answers.ContainsKey($"{(int)answer.StatusCode}"), $"{method} {path}: {(int)answer.StatusCode} is not described");
            }
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
