using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What a script may do with a member's API key.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class ApiKeyStoryTests(Platform platform)
{
    [Fact]
    public async Task Key_DoesWhatItsScopesCover_UntilItIsRevoked()
    {
        var member = await platform.SignUpAsync();
        await member.SubscribeAsync("PRO");
        var (reader, id) = await MakeKeyAsync(member, "read");
        var (writer, _) = await MakeKeyAsync(member, "read", "write");

        Assert.Equal(member.Username, (string?)(await (await reader.GetAsync("/api/auth/me")).JsonAsync())["username"]);
        foreach (var path in (string[])["/api/generations", "/api/community/contribute", "/api/tiers/checkout", "/api/notifications/read"])
            await (await reader.PostAsJsonAsync(path, Journey.Prompt())).ProblemAsync(HttpStatusCode.Forbidden, "scope-missing");
        Assert.Equal((0, 0), await member.CountersAsync());
        await (await writer.PostAsJsonAsync("/api/generations", Journey.Prompt())).JsonAsync(HttpStatusCode.Accepted);
        await (await writer.PostAsJsonAsync("/api/auth/keys", new { name = "another" })).ProblemAsync(HttpStatusCode.Forbidden, "sign-in-required");

        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.DeleteAsync($"/api/auth/keys/{id}")).StatusCode);
        await Eventually.TrueAsync(
            async () => (await reader.GetAsync("/api/auth/me")).StatusCode == HttpStatusCode.Unauthorized, "the key is void", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Key_OfTheFounder_OperatesNothing()
    {
        var (key, _) = await MakeKeyAsync(await platform.Founder.Value, "read", "write");

        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api/auth/me")).StatusCode);
        foreach (var path in (string[])["/api/admin/dashboard", "/api/admin/users", "/api/stealth/accounts"])
            await (await key.GetAsync(path)).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        var member = await platform.SignUpAsync();
        await (await key.PostAsJsonAsync("/api/alvae/grants", new { username = member.Username, level = "TESTER" })).ProblemAsync(HttpStatusCode.Forbidden, "founder-only");
    }

    private async Task<(HttpClient Client, Guid Id)> MakeKeyAsync(Member member, params string[] scopes)
    {
        var made = await Eventually.GetAsync(
            async () => await member.Client.PostAsJsonAsync("/api/auth/keys", new { name = "script", scopes }) is { IsSuccessStatusCode: true } answer ? answer : null,
            "the tier that has keys is known");
        var json = await made.JsonAsync(HttpStatusCode.Created);
        var client = platform.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", (string)json["key"]!);
        return (client, (Guid)json["id"]!);
    }
}
