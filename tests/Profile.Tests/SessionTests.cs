using System.Net;
using System.Net.Http.Json;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class SessionTests(ProfileFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_WhenTheCredentialsAreRight_SignsInByNameOrAddressInAnyCase(bool byName)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        using var response = await LoginAsync(client, (byName ? member.Username : member.Email).ToUpperInvariant(), ProfileFixture.Password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(member.Id, (Guid)(await response.JsonAsync())["user"]!["id"]!);
    }

    [Fact]
    public async Task Login_WhenAccountOrPasswordIsWrong_GivesTheSameAnswer()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var wrong = await (await LoginAsync(client, member.Email, "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");
        var unknown = await (await LoginAsync(client, "nobody-" + Guid.NewGuid(), ProfileFixture.Password)).IsProblemAsync(401, "invalid-credentials");
        Assert.Equal((string)wrong["detail"]!, (string)unknown["detail"]!);
    }

    [Fact]
    public async Task Login_WhenItFailsOften_MakesTheAccountWaitAndLetsTheOwnerInAfterwards()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        for (var i = 0; i < 6; i++)
            await (await LoginAsync(client, i % 2 == 0 ? member.Email : member.Email.ToUpperInvariant(), "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");

        using var blocked = await LoginAsync(client, member.Email, ProfileFixture.Password);
        await blocked.IsProblemAsync(429, "too-many-attempts");
        Assert.Equal(TimeSpan.FromSeconds(1), blocked.Headers.RetryAfter!.Delta);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await (await LoginAsync(client, member.Email, "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");
        using var longer = await LoginAsync(client, member.Email, ProfileFixture.Password);
        await longer.IsProblemAsync(429, "too-many-attempts");
        Assert.Equal(TimeSpan.FromSeconds(2), longer.Headers.RetryAfter!.Delta);

        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        using var right = await LoginAsync(client, member.Email, ProfileFixture.Password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var forgotten = await LoginAsync(client, member.Email, "not-the-Harbour-71");
        await forgotten.IsProblemAsync(401, "invalid-credentials");
    }

    [Fact]
    public async Task Login_WhenAnotherOfTheSameMomentWasLetThroughFirst_DoesNotWait()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        await (await LoginAsync(client, member.Email, "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");

        // As one that read the clock first and was let through second sees it.
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(-20));
        using var right = await LoginAsync(client, member.Email, ProfileFixture.Password);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Login_WhenAnAddressFailsOftenOnManyAccounts_MakesTheAddressWaitAndNoOther()
    {
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.77, 203.0.113.9");
        for (var i = 0; i < 51; i++)
            await (await LoginAsync(client, $"nobody-{Guid.NewGuid()}", "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");

        await (await LoginAsync(client, $"nobody-{Guid.NewGuid()}", "not-the-Harbour-71")).IsProblemAsync(429, "too-many-attempts");
        using var other = fixture.Client();
        other.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.77");
        await (await LoginAsync(other, $"nobody-{Guid.NewGuid()}", "not-the-Harbour-71")).IsProblemAsync(401, "invalid-credentials");
    }

    [Theory]
    [InlineData("nul\0nul", "x")]
    [InlineData("name", "nul\0nul-nul")]
    [InlineData("", "x")]
    [InlineData("name", "")]
    public async Task Login_WhenTheInputIsOdd_IsAClientError(string login, string password)
    {
        using var client = fixture.Client();
        using var response = await LoginAsync(client, login, password);
        Assert.InRange((int)response.StatusCode, 400, 401);
    }

    [Fact]
    public async Task Refresh_WhenTheTokenIsGood_RotatesAndTheNewAccessTokenWorks()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var first = await (await client.RefreshAsync(member.RefreshToken)).JsonAsync();
        Assert.NotEqual(member.RefreshToken, (string)first["refreshToken"]!);
        using var signedIn = fixture.Client((string)first["accessToken"]!);
        Assert.Equal(HttpStatusCode.OK, (await signedIn.GetAsync("/api/auth/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync((string)first["refreshToken"]!)).StatusCode);
    }

    [Fact]
    public async Task Refresh_WhenTenAtOnceUseOneToken_AllGetTheSameSuccessor()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.RefreshAsync(member.RefreshToken)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var tokens = await Task.WhenAll(answers.Select(async a => (string)(await a.JsonAsync())["refreshToken"]!));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(Assert.Single(tokens.Distinct()))).StatusCode);
    }

    [Fact]
    public async Task Refresh_WhenTheSuccessorIsSpentTooButTheFirstIsInItsGrace_StillReturnsTheSuccessor()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var successor = await NextAsync(client, member.RefreshToken);
        var third = await NextAsync(client, successor);

        Assert.Equal(successor, await NextAsync(client, member.RefreshToken));
        Assert.Equal(third, await NextAsync(client, successor));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(third)).StatusCode);
    }

    [Fact]
    public async Task Refresh_WhenASpentTokenComesAfterItsGrace_SignsTheWholeFamilyOutAndNoOther()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var elsewhere = (string)(await (await LoginAsync(client, member.Email, ProfileFixture.Password)).JsonAsync())["refreshToken"]!;
        var successor = await NextAsync(client, member.RefreshToken);
        fixture.Clock.Advance(TimeSpan.FromSeconds(11));

        await (await client.RefreshAsync(member.RefreshToken)).IsProblemAsync(401, "invalid-refresh-token");
        await (await client.RefreshAsync(successor)).IsProblemAsync(401, "invalid-refresh-token");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(elsewhere)).StatusCode);
    }

    [Fact]
    public async Task Refresh_WhenTheSignInIsThirtyDaysUnused_Is401AndSlidesBefore()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        fixture.Clock.Advance(TimeSpan.FromDays(29));
        var next = await NextAsync(client, member.RefreshToken);
        fixture.Clock.Advance(TimeSpan.FromDays(29));
        var last = await NextAsync(client, next);
        fixture.Clock.Advance(TimeSpan.FromDays(30.1));
        await (await client.RefreshAsync(last)).IsProblemAsync(401, "invalid-refresh-token");
    }

    [Fact]
    public async Task Refresh_WhenTheTokenIsInvented_Is401AndHarmsNoFamily()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var forged = member.RefreshToken[..^4] + (member.RefreshToken.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        foreach (var token in (string[])[forged, "", "x", new('a', 5000), "ñ"])
            await (await client.RefreshAsync(token)).IsProblemAsync(401, "invalid-refresh-token");
        await (await client.PostAsync("/api/auth/refresh", null)).IsProblemAsync(401, "invalid-refresh-token");
        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = new[] { 1 } })).IsProblemAsync(400, "validation");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(member.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Refresh_WhenTheTokenIsTheCookie_SetsTheNextOneOutOfReachOfScripts()
    {
        using var client = fixture.Client();
        var member = await fixture.RegisterAsync();
        using var login = await LoginAsync(client, member.Email, ProfileFixture.Password);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        foreach (var part in (string[])["httponly", "samesite=strict", "path=/api/auth", "max-age=2592000"])
            Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/refresh");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var refreshed = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.Null((await refreshed.JsonAsync())["refreshToken"]);
        Assert.NotEqual(cookie.Split(';')[0], Assert.Single(refreshed.Headers.GetValues("Set-Cookie")).Split(';')[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logout_WhenSignedIn_EndsTheSession(bool byRefreshToken)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(byRefreshToken ? null : member.AccessToken);
        for (var i = 0; i < 2; i++)
        {
            using var response = byRefreshToken
                ? await client.PostAsJsonAsync("/api/auth/logout", new { refreshToken = member.RefreshToken })
                : await client.PostAsync("/api/auth/logout", null);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        await (await client.RefreshAsync(member.RefreshToken)).IsProblemAsync(401, "invalid-refresh-token");
        using var anonymous = fixture.Client();
        await (await anonymous.PostAsync("/api/auth/logout", null)).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task ChangePassword_WhenTheOldOneIsRight_EndsTheOtherSessionsOnly()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var elsewhere = (string)(await (await LoginAsync(client, member.Email, ProfileFixture.Password)).JsonAsync())["refreshToken"]!;
        await (await ChangeAsync(client, "not-the-Harbour-71", "a-Louder-harbour-72")).IsProblemAsync(403, "wrong-password");
        await (await ChangeAsync(client, ProfileFixture.Password, "password123")).IsProblemAsync(400, "validation");

        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(client, ProfileFixture.Password, "a-Louder-harbour-72")).StatusCode);

        await (await client.RefreshAsync(elsewhere)).IsProblemAsync(401, "invalid-refresh-token");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(member.RefreshToken)).StatusCode);
        await (await LoginAsync(client, member.Email, ProfileFixture.Password)).IsProblemAsync(401, "invalid-credentials");
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(client, member.Email, "a-Louder-harbour-72")).StatusCode);
    }

    [Fact]
    public async Task Log_WhenPeopleSignUpAndIn_HoldsNoPasswordAndNoToken()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        await LoginAsync(client, member.Email, ProfileFixture.Password);
        await LoginAsync(client, member.Email, "not-the-Harbour-71");
        await client.RefreshAsync(member.RefreshToken);

        Assert.NotEmpty(fixture.Log.Lines);
        foreach (var secret in (string[])[ProfileFixture.Password, "not-the-Harbour-71", member.RefreshToken, member.AccessToken])
            Assert.DoesNotContain(fixture.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient client, string login, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { login, password });

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient client, string currentPassword, string newPassword) =>
        client.PostAsJsonAsync("/api/auth/password", new { currentPassword, newPassword });

    private static async Task<string> NextAsync(HttpClient client, string token)
    {
        using var response = await client.RefreshAsync(token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (string)(await response.JsonAsync())["refreshToken"]!;
    }
}
