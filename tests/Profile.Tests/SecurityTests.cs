using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OtpNet;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class SecurityTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Login_WhenFortyGuessAtOnceUnderBothNames_EvaluatesSixOfThem()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => client.LoginAsync(i % 2 == 0 ? member.Email : member.Username, $"not-the-Harbour-{i}")));
        Assert.Equal(6, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(34, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.All(answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests), a => Assert.NotNull(a.Headers.RetryAfter));
    }

    [Fact]
    public async Task Login_WhenThePasswordIsComposedOtherwise_SignsIn()
    {
        const string Composed = "la-ñandú-del-río-71";
        var name = $"u{Guid.NewGuid():N}"[..20];
        using var client = fixture.Client();
        (await client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@example.org", username = name, password = Composed })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await client.LoginAsync(name, Composed.Normalize(NormalizationForm.FormD))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.LoginAsync(name, "ｌａ-ñandú-del-río-７１")).StatusCode);
    }

    [Fact]
    public async Task Password_WhenLong_IsNotCutOff()
    {
        var (name, password) = ($"u{Guid.NewGuid():N}"[..20], string.Concat(Enumerable.Range(0, 80).Select(i => $"{i}-ñ ")));
        password = password[..256];
        using var client = fixture.Client();
        (await client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@example.org", username = name, password })).EnsureSuccessStatusCode();
        await (await client.LoginAsync(name, password[..^1])).IsProblemAsync(401, "invalid-credentials");
        await (await client.LoginAsync(name, password[..72])).IsProblemAsync(401, "invalid-credentials");
        Assert.Equal(HttpStatusCode.OK, (await client.LoginAsync(name, password)).StatusCode);
    }

    [Theory]
    [InlineData("/api/auth/refresh", 401)]
    [InlineData("/api/auth/logout", 204)]
    public async Task Refresh_WhenTheTokenIsNoBase64Url_IsRefusedOrIgnored(string path, int status)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var odd = new[] { "a", "===", "****", member.RefreshToken + "=", member.RefreshToken + " ", member.RefreshToken[..^1] + "~", member.RefreshToken[..^1], "\u00e9" + member.RefreshToken[1..] };
        var last = Enumerable.Range(0, 64).Select(i => member.RefreshToken[..^1] + Base64Url.EncodeToString([(byte)(i << 2)])[0]).Where(t => t != member.RefreshToken);
        foreach (var token in odd.Concat(last))
            Assert.Equal(status, (int)(await client.PostAsJsonAsync(path, new { refreshToken = token })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(member.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Tokens_WhenAnswered_AreKeptByNoCache()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        foreach (var answer in (HttpResponseMessage[])[await client.LoginAsync(member.Email, ProfileFixture.Password), await client.RefreshAsync(member.RefreshToken)])
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl?.NoStore);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("ES384")]
    [InlineData("no-kid")]
    [InlineData("foreign-key")]
    public async Task Token_WhenItsAlgorithmOrKeyIsNotOurs_Is401(string kind)
    {
        var member = await fixture.RegisterAsync();
        using var anonymous = fixture.Client();
        var jwk = (await (await anonymous.GetAsync("/.well-known/jwks.json")).JsonAsync())["keys"]![0]!;
        var parts = member.AccessToken.Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        header["alg"] = kind is "no-kid" or "foreign-key" ? "ES256" : kind;
        if (kind == "no-kid")
            header.AsObject().Remove("kid");
        var signed = $"{Encode(header)}.{parts[1]}";
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = kind switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(Base64Url.DecodeFromChars((string)jwk["x"]!), Encoding.ASCII.GetBytes(signed)),
            _ => own.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256),
        };
        using var client = fixture.Client($"{signed}.{Base64Url.EncodeToString(signature)}");
        await (await client.GetAsync("/api/auth/me")).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Token_WhenExpiredOrItsPayloadChanged_Is401()
    {
        var member = await fixture.RegisterAsync();
        var parts = member.AccessToken.Split('.');
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        payload["roles"] = new JsonArray("member", "operator");
        using var promoted = fixture.Client($"{parts[0]}.{Encode(payload)}.{parts[2]}");
        await (await promoted.GetAsync("/api/admin/users")).IsProblemAsync(401, "unauthorized");
        fixture.Clock.Advance(TimeSpan.FromMinutes(16));
        using var late = fixture.Client(member.AccessToken);
        await (await late.GetAsync("/api/auth/me")).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Keys_WhenThePeriodEnds_ChangeWithOverlap()
    {
        using var client = fixture.Client();
        var before = await KeysAsync(client);
        // To just before the end of a period: a token of the old key must outlive it.
        var period = Tokens.TokenKeys.Period.Ticks;
        var now = fixture.Clock.GetUtcNow();
        fixture.Clock.Advance(TimeSpan.FromTicks(period - (now.Ticks % period)) - TimeSpan.FromMinutes(1));
        var member = await fixture.RegisterAsync();
        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        using var old = fixture.Client(member.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await old.GetAsync("/api/auth/me")).StatusCode);
        var refreshed = (string)(await (await client.RefreshAsync(member.RefreshToken)).JsonAsync())["accessToken"]!;
        Assert.NotEqual(KidOf(member.AccessToken), KidOf(refreshed));
        Assert.Contains(KidOf(refreshed), before);
        Assert.Equal(2, (await KeysAsync(client)).Intersect(before).Count());
    }

    [Theory]
    [InlineData("""{"email":"$@example.org","username":"$","password":"a-quiet-Harbour-71","roles":["operator"],"isOperator":true,"tier":"STUDIO","alvae":{"level":"FOUNDER"},"points":99}""")]
    public async Task Register_WhenRightsAreSentAlong_IgnoresThem(string body)
    {
        var name = $"m{Guid.NewGuid():N}"[..20];
        using var client = fixture.Client();
        using var made = await client.PostAsync("/api/auth/register", new StringContent(body.Replace("$", name), Encoding.UTF8, "application/json"));
        using var signedIn = fixture.Client((string)(await made.JsonAsync())["accessToken"]!);
        using var patched = await signedIn.PatchAsync("/api/profiles/me", new StringContent(
            """{"tier":"STUDIO","roles":["operator"],"isOperator":true,"points":5,"alvae":{"level":"TESTER"},"username":"another","emailVerified":true}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        var me = await (await signedIn.GetAsync("/api/auth/me")).JsonAsync();
        Assert.Equal(("FREE", name, false), ((string)me["tier"]!, (string)me["username"]!, (bool)me["emailVerified"]!));
        Assert.Equal(["member"], me["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Null(me["alvae"]);
    }

    [Fact]
    public async Task SecondFactor_WhenActive_IsNeededAndEachCodeIsGoodOnce()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var secret = (string)(await (await client.PostAsync("/api/auth/totp", null)).JsonAsync())["secret"]!;
        await (await client.PostAsJsonAsync("/api/auth/totp/confirm", new { code = "000000" })).IsProblemAsync(400, "validation");
        var codes = (await (await client.PostAsJsonAsync("/api/auth/totp/confirm", new { code = Code(secret) })).JsonAsync())["recoveryCodes"]!.AsArray();
        Assert.Equal(10, codes.Count);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM recovery_codes c WHERE position($1 in c::text) > 0", (string)codes[0]!));
        await (await client.PostAsync("/api/auth/totp", null)).IsProblemAsync(409, "second-factor-active");

        using var anonymous = fixture.Client();
        await (await anonymous.LoginAsync(member.Email, ProfileFixture.Password)).IsProblemAsync(401, "second-factor-required");
        await (await anonymous.LoginAsync(member.Email, "not-the-Harbour-71", Code(secret))).IsProblemAsync(401, "invalid-credentials");
        await (await anonymous.LoginAsync(member.Email, ProfileFixture.Password, Code(secret))).IsProblemAsync(401, "invalid-code");
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => anonymous.LoginAsync(member.Email, ProfileFixture.Password, Code(secret))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);

        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await anonymous.LoginAsync(member.Email, ProfileFixture.Password, ((string)codes[3]!).ToUpperInvariant())).StatusCode);
        await (await anonymous.LoginAsync(member.Email, ProfileFixture.Password, (string)codes[3]!)).IsProblemAsync(401, "invalid-code");
    }

    [Fact]
    public async Task SecondFactor_WhenTheSignInIsOld_CannotBeRemoved()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var secret = (string)(await (await client.PostAsync("/api/auth/totp", null)).JsonAsync())["secret"]!;
        (await client.PostAsJsonAsync("/api/auth/totp/confirm", new { code = Code(secret) })).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromMinutes(11));
        await (await client.DeleteAsync("/api/auth/totp")).IsProblemAsync(403, "recent-sign-in-required");
        using var anonymous = fixture.Client();
        using var fresh = fixture.Client((string)(await (await anonymous.LoginAsync(member.Email, ProfileFixture.Password, Code(secret))).JsonAsync())["accessToken"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await fresh.DeleteAsync("/api/auth/totp")).StatusCode);
        await (await fresh.DeleteAsync("/api/auth/totp")).IsProblemAsync(404, "not-found");
        Assert.Equal(HttpStatusCode.OK, (await anonymous.LoginAsync(member.Email, ProfileFixture.Password)).StatusCode);
    }

    [Fact]
    public async Task Devices_WhenOneIsSignedOut_GetsNoNewTokensAndTheOthersStay()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        using var phone = fixture.Client();
        phone.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        // The clock stands: without a step either could be the newest.
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var token = (string)(await (await phone.LoginAsync(member.Email, ProfileFixture.Password)).JsonAsync())["refreshToken"]!;
        var devices = (await (await client.GetAsync("/api/auth/devices")).JsonAsync())["items"]!.AsArray();
        Assert.Equal(["Phone/1.0", null], devices.Select(d => (string?)d!["name"]));
        Assert.Equal([false, true], devices.Select(d => (bool)d!["current"]!));

        using var stranger = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await stranger.DeleteAsync($"/api/auth/devices/{(Guid)devices[0]!["id"]!}")).IsProblemAsync(404, "not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/auth/devices/{(Guid)devices[0]!["id"]!}")).StatusCode);
        await (await phone.RefreshAsync(token)).IsProblemAsync(401, "invalid-refresh-token");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(member.RefreshToken)).StatusCode);
    }

    private string Code(string secret) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(fixture.Clock.GetUtcNow().UtcDateTime);

    private static string Encode(JsonNode json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string KidOf(string token) => (string)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!["kid"]!;

    private static async Task<List<string>> KeysAsync(HttpClient client) =>
        [.. (await (await client.GetAsync("/.well-known/jwks.json")).JsonAsync())["keys"]!.AsArray().Select(k => (string)k!["kid"]!)];
}

[Trait("Category", "Unit")]
public sealed class BackgroundQueueTests
{
    [Fact]
    public async Task Run_WhenTheQueueIsLong_IsRefusedWhileTheOthersAreDone()
    {
        using var queue = new BackgroundQueue("test", threads: 1, capacity: 3);
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var first = queue.RunAsync(() =>
        {
            begun.Set();
            gate.Wait();
            return 0;
        });
        begun.Wait();
        var waiting = Enumerable.Range(1, 3).Select(i => queue.RunAsync(() => i)).ToList();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => queue.RunAsync(() => 9));
        Assert.Equal((429, true), (refused.Details.Status, refused.RetryAfter > TimeSpan.Zero));
        gate.Set();
        var results = await Task.WhenAll([first, .. waiting]);
        Assert.Equal([0, 1, 2, 3], results);
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.RunAsync<int>(() => throw new InvalidOperationException()));
    }
}
