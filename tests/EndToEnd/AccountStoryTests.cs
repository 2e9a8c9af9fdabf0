using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>Signing in, getting back in, and who may: the identity of a member through the gateway.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class AccountStoryTests(Platform platform)
{
    private const string Next = "a-Louder-harbour-72";

    [Fact]
    public async Task Address_IsVerifiedByTheMailedLinkOnce_AndANewOneCountsFromItsLinkOn()
    {
        var member = await platform.SignUpAsync();
        var token = await platform.MailedTokenAsync(member.Email, "verify");
        Assert.Equal(HttpStatusCode.NoContent, (await VerifyAsync(member, token)).StatusCode);
        await (await VerifyAsync(member, token)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-token");
        Assert.True((bool)(await member.GetJsonAsync("/api/auth/me"))["emailVerified"]!);

        var next = $"next-{member.Email}";
        (await member.Client.PutAsJsonAsync("/api/auth/email", new { email = next, password = member.Password })).EnsureSuccessStatusCode();
        Assert.Equal(member.Email, (string?)(await member.GetJsonAsync("/api/auth/me"))["email"]);
        (await VerifyAsync(member, await platform.MailedTokenAsync(next, "verify"))).EnsureSuccessStatusCode();
        Assert.Equal(next, (string?)(await member.GetJsonAsync("/api/auth/me"))["email"]);
    }

    [Fact]
    public async Task Password_WhenForgotten_IsSetByTheMailedLink_AndEverySessionEnds()
    {
        var member = await platform.SignUpAsync();
        using var anonymous = platform.CreateClient();
        var session = await (await anonymous.LoginAsync(member.Username, member.Password)).JsonAsync();
        foreach (var address in (string[])[member.Email, "nobody@example.com"])
            Assert.Equal(HttpStatusCode.Accepted, (await anonymous.PostAsJsonAsync("/api/auth/password/reset", new { email = address })).StatusCode);

        var token = await platform.MailedTokenAsync(member.Email, "reset");
        (await anonymous.PostAsJsonAsync("/api/auth/password/reset/confirm", new { token, password = Next })).EnsureSuccessStatusCode();

        await (await anonymous.RefreshAsync((string)session["refreshToken"]!)).ProblemAsync(HttpStatusCode.Unauthorized, "invalid-refresh-token");
        await (await anonymous.LoginAsync(member.Email, member.Password)).ProblemAsync(HttpStatusCode.Unauthorized, "invalid-credentials");
        Assert.Equal(HttpStatusCode.OK, (await anonymous.LoginAsync(member.Email, Next)).StatusCode);
    }

    [Fact]
    public async Task Sessions_AreRefreshed_ListedAsDevices_AndEndedFromAnother()
    {
        var member = await platform.SignUpAsync();
        using var phone = platform.CreateClient();
        phone.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        var first = await (await phone.LoginAsync(member.Email, member.Password)).JsonAsync();
        var second = await (await phone.RefreshAsync((string)first["refreshToken"]!)).JsonAsync();
        Assert.Equal((string?)second["refreshToken"], (string?)(await (await phone.RefreshAsync((string)first["refreshToken"]!)).JsonAsync())["refreshToken"]);

        var device = Assert.Single(await member.Client.ListAsync("/api/auth/devices"), d => (string?)d["name"] == "Phone/1.0");
        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.DeleteAsync($"/api/auth/devices/{device["id"]}")).StatusCode);
        await (await phone.RefreshAsync((string)second["refreshToken"]!)).ProblemAsync(HttpStatusCode.Unauthorized, "invalid-refresh-token");

        var changed = await member.Client.PostAsJsonAsync("/api/auth/password", new { currentPassword = member.Password, newPassword = Next });
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.PostAsync("/api/auth/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await phone.LoginAsync(member.Username, Next)).StatusCode);
    }

    [Fact]
    public async Task SecondFactor_IsAskedForOnceItIsConfirmed_AndARecoveryCodeStandsInForIt()
    {
        var member = await platform.SignUpAsync();
        using var anonymous = platform.CreateClient();
        var secret = (string)(await (await member.Client.PostAsync("/api/auth/totp", null)).JsonAsync())["secret"]!;
        var confirmed = await (await member.Client.PostAsJsonAsync("/api/auth/totp/confirm", new { code = AccountJourney.CodeOf(secret) })).JsonAsync();

        await (await anonymous.LoginAsync(member.Email, member.Password)).ProblemAsync(HttpStatusCode.Unauthorized, "second-factor-required");
        Assert.Equal(HttpStatusCode.OK, (await anonymous.LoginAsync(member.Email, member.Password, (string)confirmed["recoveryCodes"]![0]!)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.DeleteAsync("/api/auth/totp")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.LoginAsync(member.Email, member.Password)).StatusCode);
    }

    [Fact]
    public async Task Settings_Preferences_AndPush_AreTheMembersOwn()
    {
        var member = await platform.SignUpAsync();
        var settings = await (await member.Client.PutAsJsonAsync("/api/profiles/me/settings", new { language = "es", analyticsOptOut = true })).JsonAsync();
        Assert.Equal(settings.ToJsonString(), (await member.GetJsonAsync("/api/profiles/me/settings")).ToJsonString());
        var preferences = new { muted = new[] { "followed" }, quietHours = new { from = "22:00", to = "07:30" }, timeZone = "Europe/Madrid", emailDigest = true };
        var set = await (await member.Client.PutAsJsonAsync("/api/notifications/preferences", preferences)).JsonAsync();
        Assert.Equal(set.ToJsonString(), (await member.GetJsonAsync("/api/notifications/preferences")).ToJsonString());
        Assert.NotEmpty((string)(await member.GetJsonAsync("/api/notifications/push/key"))["publicKey"]!);
    }

    [Fact]
    public async Task Operator_WhenMadeByTheFounder_SeesMembers_UntilItIsTakenBack()
    {
        var (founder, member) = (await platform.Founder.Value, await platform.SignUpAsync());
        using var anonymous = platform.CreateClient();
        await (await member.Client.GetAsync("/api/admin/users")).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        (await founder.Client.PutAsync($"/api/admin/users/{member.Id}/operator", null)).EnsureSuccessStatusCode();

        var session = await (await anonymous.LoginAsync(member.Email, member.Password)).JsonAsync();
        using var promoted = platform.CreateClient(session);
        Assert.Equal(member.Email, (string?)Assert.Single(await promoted.ListAsync($"/api/admin/users?q={member.Username}"))["email"]);
        await (await promoted.PutAsync($"/api/admin/users/{member.Id}/operator", null)).ProblemAsync(HttpStatusCode.Forbidden, "founder-only");

        (await founder.Client.DeleteAsync($"/api/admin/users/{member.Id}/operator")).EnsureSuccessStatusCode();
        using var demoted = platform.CreateClient(await (await anonymous.LoginAsync(member.Email, member.Password)).JsonAsync());
        await (await demoted.GetAsync("/api/admin/users")).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private static Task<HttpResponseMessage> VerifyAsync(Member member, string token) => member.Client.PostAsJsonAsync("/api/auth/email/verify", new { token });
}
