using System.Net;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
public sealed class OperatorTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Operator_WhenMadeByTheFounder_SeesMembersAndLosesItAgain()
    {
        var member = await fixture.RegisterAsync();
        using var boss = fixture.Client(founder.Founder.AccessToken);
        using var ordinary = fixture.Client(member.AccessToken);
        await (await ordinary.GetAsync("/api/admin/users")).IsProblemAsync(403, "forbidden");
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await boss.PutAsync($"/api/admin/users/{member.Id}/operator", null)).StatusCode);

        var refreshed = await (await ordinary.RefreshAsync(member.RefreshToken)).JsonAsync();
        using var promoted = fixture.Client((string)refreshed["accessToken"]!);
        var found = (await (await promoted.GetAsync($"/api/admin/users?q={member.Username[3..12].ToUpperInvariant()}")).JsonAsync())["items"]!.AsArray();
        Assert.Equal(member.Email, (string)Assert.Single(found)!["email"]!);
        await (await promoted.PutAsync($"/api/admin/users/{member.Id}/operator", null)).IsProblemAsync(403, "founder-only");
        await (await promoted.DeleteAsync($"/api/admin/users/{founder.Founder.Id}/operator")).IsProblemAsync(403, "founder-only");

        Assert.Equal(HttpStatusCode.NoContent, (await boss.DeleteAsync($"/api/admin/users/{member.Id}/operator")).StatusCode);
        await (await ordinary.RefreshAsync((string)refreshed["refreshToken"]!)).IsProblemAsync(401, "invalid-refresh-token");
        await (await boss.DeleteAsync($"/api/admin/users/{founder.Founder.Id}/operator")).IsProblemAsync(409, "founder-stays");
        await (await boss.PutAsync($"/api/admin/users/{Guid.NewGuid()}/operator", null)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Users_WhenTheSearchHoldsWildcards_TakesThemAsText()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        Assert.Empty((await (await boss.GetAsync("/api/admin/users?q=%25%25")).JsonAsync())["items"]!.AsArray());
        Assert.NotEmpty((await (await boss.GetAsync("/api/admin/users?q=")).JsonAsync())["items"]!.AsArray());
        await (await boss.GetAsync($"/api/admin/users?q={new string('a', 300)}")).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Founder_WhenLeaving_Stays()
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = System.Net.Http.Json.JsonContent.Create(new { password = ProfileFixture.Password }) };
        await (await boss.SendAsync(request)).IsProblemAsync(409, "founder-stays");
    }
}
