using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class PasswordRecoveryTests(ProfileFixture fixture)
{
    private const string Next = "a-Louder-harbour-72";

    [Fact]
    public async Task Reset_WhenTheLinkIsFollowed_SetsThePasswordOnceAndEndsAllSessions()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        Assert.Equal(HttpStatusCode.Accepted, (await ResetAsync(client, member.Email.ToUpperInvariant())).StatusCode);
        var token = await fixture.TokenAsync(member.Email, "reset");

        await (await ConfirmAsync(client, token, "password123")).IsProblemAsync(400, "validation");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ConfirmAsync(client, token, Next)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.NoContent))
            await refused.IsProblemAsync(400, "invalid-token");

        await (await client.RefreshAsync(member.RefreshToken)).IsProblemAsync(401, "invalid-refresh-token");
        await (await client.LoginAsync(member.Email, ProfileFixture.Password)).IsProblemAsync(401, "invalid-credentials");
        Assert.Equal(HttpStatusCode.OK, (await client.LoginAsync(member.Email, Next)).StatusCode);
    }

    [Fact]
    public async Task Reset_WhenNobodyHasTheAddress_AnswersTheSameAndSendsNothing()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        using var known = await ResetAsync(client, member.Email);
        var nobodys = $"{Guid.NewGuid():N}@example.org";
        using var unknown = await ResetAsync(client, nobodys);
        Assert.Equal((known.StatusCode, await known.Content.ReadAsStringAsync()), (unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));
        Assert.Equal(known.Headers.Select(h => h.Key), unknown.Headers.Select(h => h.Key));
        Assert.Empty(await fixture.MailsAsync(nobodys));
    }

    [Fact]
    public async Task Reset_WhenTheTokenIsOldOrInventedOrForSomethingElse_Is400()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var other = await fixture.TokenAsync(member.Email, "verify");
        await ResetAsync(client, member.Email);
        var token = await fixture.TokenAsync(member.Email, "reset");
        fixture.Clock.Advance(TimeSpan.FromMinutes(61));
        foreach (var bad in (string?[])[token, other, "", null, "%%%", new string('a', 5000)])
            await (await ConfirmAsync(client, bad, Next)).IsProblemAsync(400, "invalid-token");
    }

    [Fact]
    public async Task Mails_WhenManyAreAskedForAtOnce_AreThreeAnHour()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ResetAsync(client, member.Email)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.Equal(3, (await fixture.MailsAsync(member.Email)).Count);

        using var signedIn = fixture.Client(member.AccessToken);
        await (await signedIn.PostAsync("/api/auth/email/resend", null)).IsProblemAsync(429, "too-many-mails");
        fixture.Clock.Advance(TimeSpan.FromMinutes(61));
        using var again = fixture.Client((string)(await (await client.LoginAsync(member.Email, ProfileFixture.Password)).JsonAsync())["accessToken"]!);
        Assert.Equal(HttpStatusCode.Accepted, (await again.PostAsync("/api/auth/email/resend", null)).StatusCode);
    }

    [Fact]
    public async Task Links_WhateverTheRequestsHeadersSay_LeadToThePublicUrl()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Host = "evil.example.com";
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example.com");
        await ResetAsync(client, member.Email);
        var mails = await fixture.MailsAsync(member.Email);
        Assert.Equal(2, mails.Count);
        Assert.All(mails, m => Assert.Contains(ProfileFixture.PublicUrl, (string)m["text"]!, StringComparison.Ordinal));
        Assert.All(mails, m => Assert.DoesNotContain("evil", (string)m["text"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_WhenTheLinkIsFollowed_VerifiesOnce()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var token = await fixture.TokenAsync(member.Email, "verify");
        Assert.Equal(HttpStatusCode.NoContent, (await VerifyAsync(client, token)).StatusCode);
        await (await VerifyAsync(client, token)).IsProblemAsync(400, "invalid-token");
        using var signedIn = fixture.Client(member.AccessToken);
        Assert.True((bool)(await (await signedIn.GetAsync("/api/auth/me")).JsonAsync())["emailVerified"]!);
        await (await signedIn.PostAsync("/api/auth/email/resend", null)).IsProblemAsync(409, "email-verified");
    }

    [Fact]
    public async Task ChangeEmail_WhenTheLinkIsFollowed_CountsFromThenOnly()
    {
        var member = await fixture.RegisterAsync();
        var next = $"{Guid.NewGuid():N}@example.org";
        using var client = fixture.Client(member.AccessToken);
        await (await ChangeAsync(client, next, "not-the-Harbour-71")).IsProblemAsync(403, "wrong-password");
        await (await ChangeAsync(client, (await fixture.RegisterAsync()).Email, ProfileFixture.Password)).IsProblemAsync(409, "email-taken");
        Assert.Equal(HttpStatusCode.Accepted, (await ChangeAsync(client, next, ProfileFixture.Password)).StatusCode);
        Assert.Equal(member.Email, (string)(await (await client.GetAsync("/api/auth/me")).JsonAsync())["email"]!);

        Assert.Equal(HttpStatusCode.NoContent, (await VerifyAsync(client, await fixture.TokenAsync(next, "verify"))).StatusCode);
        var me = await (await client.GetAsync("/api/auth/me")).JsonAsync();
        Assert.Equal((next, true), ((string)me["email"]!, (bool)me["emailVerified"]!));
        Assert.Contains(await fixture.MailsAsync(member.Email), m => (string)m["subject"]! == "Your address was changed");
        Assert.Equal(HttpStatusCode.OK, (await client.LoginAsync(next, ProfileFixture.Password)).StatusCode);
    }

    [Fact]
    public async Task ChangeEmail_WhenTwoFollowLinksToOneAddress_OneGetsIt()
    {
        var (one, other) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var wanted = $"{Guid.NewGuid():N}@example.org";
        var tokens = new List<string>();
        foreach (var member in (Member[])[one, other])
        {
            // The clock stands: without a step the newest mail could be either.
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            using var client = fixture.Client(member.AccessToken);
            Assert.Equal(HttpStatusCode.Accepted, (await ChangeAsync(client, wanted, ProfileFixture.Password)).StatusCode);
            tokens.Add(await fixture.TokenAsync(wanted, "verify"));
        }

        using var anonymous = fixture.Client();
        var answers = await Task.WhenAll(tokens.Select(t => VerifyAsync(anonymous, t)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        await answers.Single(a => a.StatusCode != HttpStatusCode.NoContent).IsProblemAsync(409, "email-taken");
    }

    private static Task<HttpResponseMessage> ResetAsync(HttpClient client, string email) => client.PostAsJsonAsync("/api/auth/password/reset", new { email });

    private static Task<HttpResponseMessage> ConfirmAsync(HttpClient client, string? token, string password) =>
        client.PostAsJsonAsync("/api/auth/password/reset/confirm", new JsonObject { ["token"] = token, ["password"] = password });

    private static Task<HttpResponseMessage> VerifyAsync(HttpClient client, string token) => client.PostAsJsonAsync("/api/auth/email/verify", new { token });

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient client, string email, string password) =>
        client.PutAsJsonAsync("/api/auth/email", new { email, password });
}
