using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class ProfileTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Update_WhenFieldsAreSent_ChangesThoseAndAnnouncesIt()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        using var changed = await client.PatchAsJsonAsync("/api/profiles/me", new { displayName = " Ñandú 🎸 ", bio = "line one\nline two", links = new[] { "https://example.org/me" } });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<ProfileUpdated>().Any(e => e.UserId == member.Id && e.DisplayName == "Ñandú 🎸" && e.Sequence == 2)), "the change is announced");

        using var second = await client.PatchAsJsonAsync("/api/profiles/me", new JsonObject { ["bio"] = null });
        using var anonymous = fixture.Client();
        var seen = await (await anonymous.GetAsync($"/api/profiles/{member.Username.ToUpperInvariant()}")).JsonAsync();
        Assert.Equal(("Ñandú 🎸", "https://example.org/me", "FREE"), ((string)seen["displayName"]!, (string)seen["links"]![0]!, (string)seen["tier"]!));
        Assert.Null(seen["bio"]);
        Assert.Null(seen["email"]);
    }

    [Theory]
    [InlineData("""{"displayName":"a\u0000b"}""", "displayName")]
    [InlineData("""{"displayName":"  "}""", "displayName")]
    [InlineData("""{"displayName":["a"]}""", "displayName")]
    [InlineData("""{"bio":"a\u0007"}""", "bio")]
    [InlineData("""{"links":["javascript:alert(1)"]}""", "links")]
    [InlineData("""{"links":[null]}""", "links")]
    [InlineData("""{"links":["https://user@example.org"]}""", "links")]
    [InlineData("""{"links":"https://example.org"}""", "links")]
    public async Task Update_WhenAFieldIsUnfit_TellsWhich(string body, string field)
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        using var response = await client.PatchAsync("/api/profiles/me", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var problem = await response.IsProblemAsync(400, "validation");
        Assert.Equal([field], problem["errors"]!.AsObject().Select(e => e.Key));
    }

    [Theory]
    [InlineData("nobody-here")]
    [InlineData("a%0Ab")]
    [InlineData("%C3%28abc")]
    [InlineData("%F0%9F%8E%B8%F0%9F%8E%B8%F0%9F%8E%B8")]
    [InlineData("';DROP TABLE accounts;--")]
    public async Task Get_WhenThereIsNoSuchMember_Is404(string username)
    {
        using var client = fixture.Client();
        await (await client.GetAsync($"/api/profiles/{username}")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Get_WhenTheNameHoldsNul_IsAClientError()
    {
        using var client = fixture.Client();
        using var response = await client.GetAsync("/api/profiles/a%00b");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task OpenApi_WhenFetched_DescribesEveryPublicEndpointAndNoInternalOne()
    {
        using var client = fixture.Client();
        var paths = (await (await client.GetAsync("/openapi/v1.json")).JsonAsync())["paths"]!.AsObject();
        Assert.DoesNotContain(paths, path => path.Key.StartsWith("/internal", StringComparison.Ordinal));
        string[] expected =
        [
            "/.well-known/jwks.json", "/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/me", "/api/auth/password",
            "/api/auth/password/reset", "/api/auth/password/reset/confirm", "/api/auth/email", "/api/auth/email/verify", "/api/auth/email/resend", "/api/auth/devices",
            "/api/auth/devices/{id}", "/api/auth/totp", "/api/auth/totp/confirm", "/api/auth/export", "/api/auth/export/{id}", "/api/auth/keys", "/api/auth/keys/{id}",
            "/api/admin/analytics", "/api/analytics/events", "/api/admin/errors", "/api/admin/errors/{queue}/replay", "/api/admin/users", "/api/admin/users/{id}/operator", "/api/alvae/members", "/api/alvae/me", "/api/alvae/grants", "/api/alvae/grants/{alvaeId}",
            "/api/alvae/channel", "/api/alvae/feedback", "/api/alvae/proposals", "/api/alvae/proposals/{id}/vote", "/api/alvae/proposals/{id}/veto", "/api/alvae/revenue-share",
            "/api/profiles/{username}/follow", "/api/profiles/{username}/followers", "/api/profiles/{username}/following", "/api/profiles/{username}/wall", "/api/feed", "/api/likes", "/api/search",
            "/api/collections", "/api/collections/{id}", "/api/collections/{id}/items", "/api/collections/{id}/items/{itemId}", "/api/collections/{id}/items/{itemId}/vote",
            "/api/collections/{id}/editors", "/api/collections/{id}/editors/{username}", "/api/collections/{id}/events", "/api/collections/{id}/play", "/api/collections/{id}/stats",
            "/api/challenges", "/api/challenges/{id}", "/api/challenges/{id}/entries", "/api/challenges/{id}/vote", "/api/admin/challenges", "/api/admin/challenges/{id}", "/api/admin/challenges/{id}/cancel",
            "/api/reports", "/api/reports/{id}", "/api/reports/{id}/appeal", "/api/admin/reports", "/api/admin/reports/{id}", "/api/admin/reports/{id}/resolve",
            "/api/wall", "/api/wall/{creationId}", "/api/wall/{creationId}/comments", "/api/wall/comments/{id}", "/api/notifications", "/api/notifications/read",
            "/api/notifications/unread", "/api/notifications/stream", "/api/notifications/preferences", "/api/notifications/push", "/api/notifications/push/key", "/api/profiles/{username}", "/api/profiles/{username}/avatar", "/api/profiles/me", "/api/profiles/me/avatar", "/api/profiles/me/settings",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), paths.Select(p => p.Key).Order(StringComparer.Ordinal));
        foreach (var operation in paths.SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!))
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]));
            Assert.False(string.IsNullOrEmpty((string?)operation["description"]));
            Assert.NotEmpty(operation["tags"]!.AsArray());
        }
    }
}
