using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Stealth.Tests.Egress;

/// <summary>What services of the platform learn of the providers.</summary>
[Collection(StealthCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ProviderListTests(StealthFixture fixture)
{
    [Fact]
    public async Task List_TellsWhichProvidersHaveAnAccountThatCanBeUsed_AndNoSecret()
    {
        var secret = $"r8_{Guid.NewGuid():N}";
        await fixture.ResetAsync("replicate");
        Assert.Equal(0, (int)(await StateAsync())["accounts"]!);

        var account = await fixture.AddAsync("replicate", secret);
        var up = await StateAsync();
        Assert.Equal(1, (int)up["accounts"]!);
        Assert.True((bool)up["available"]!);
        Assert.DoesNotContain(secret, up.ToJsonString(), StringComparison.Ordinal);

        await fixture.Operator().PostAsJsonAsync($"/api/stealth/accounts/{account}/health", new { status = "disabled", reason = "test" });
        Assert.False((bool)(await StateAsync())["available"]!);
    }

    [Fact]
    public async Task List_WithoutTheServiceCredential_Is401() =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Operator().GetAsync("/egress/providers")).StatusCode);

    private async Task<JsonNode> StateAsync() =>
        (await fixture.Egress().GetFromJsonAsync<JsonArray>("/egress/providers"))!.Single(p => (string?)p!["name"] == "replicate")!;
}
