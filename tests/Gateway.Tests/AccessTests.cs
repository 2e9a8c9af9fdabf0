using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class AccessTests(World world)
{
    [Theory]
    [InlineData("/api/admin/dashboard")]
    [InlineData("/api/admin/does/not/exist")]
    [InlineData("/API/Admin/x")]
    [InlineData("/api/%61dmin/x")]
    [InlineData("/api/stealth")]
    [InlineData("/api/stealth/does-not-exist")]
    public async Task OperatorPath_WhenNotOperator_Is401Or403BeforeRouting(string path)
    {
        var mark = Guid.NewGuid().ToString("N");
        var anonymous = world.Gateway.Client();
        var member = world.Gateway.Client(world.Tokens.Issue(Guid.CreateVersion7()));
        anonymous.DefaultRequestHeaders.Add("X-Mark", mark);
        member.DefaultRequestHeaders.Add("X-Mark", mark);

        await (await anonymous.GetAsync(path)).ProblemAsync(401, "unauthorized");
        await (await member.GetAsync(path)).ProblemAsync(403, "forbidden");

        Assert.DoesNotContain(world.Backends.Values.SelectMany(b => b.Requests), r => r.Headers.GetValueOrDefault("X-Mark") == mark);
    }

    [Theory]
    [InlineData("not-a-token")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMTk4In0.")]
    public async Task Token_WhenNotValid_Is401AndNoServiceIsAsked(string token)
    {
        await (await world.Gateway.Client(token).GetAsync("/api/generations?invalid")).ProblemAsync(401, "unauthorized");

        Assert.DoesNotContain(world.Backends["generation"].Requests, r => r.Path == "/api/generations?invalid");
    }

    [Fact]
    public async Task Token_OfAnotherKey_Is401() =>
        await (await world.Gateway.Client(ForeignToken()).GetAsync("/api/auth/me")).ProblemAsync(401, "unauthorized");

    [Theory]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/refresh")]
    [InlineData("/api/auth/register")]
    public async Task SignIn_WithWornOutToken_IsForwardedWithoutIt(string path)
    {
        using var answer = await world.Gateway.Client(ForeignToken()).PostAsync(path + "?worn-out", null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("Authorization", world.Backends["profile"].Requests.Last(r => r.Path == path + "?worn-out").Headers.Keys);
    }

    [Fact]
    public async Task Token_WhenValid_IsForwarded()
    {
        var token = world.Tokens.Issue(Guid.CreateVersion7());

        (await world.Gateway.Client(token).GetAsync("/api/auth/me?valid")).EnsureSuccessStatusCode();

        Assert.Equal($"Bearer {token}", world.Backends["profile"].Requests.Last(r => r.Path == "/api/auth/me?valid").Headers["Authorization"]);
    }

    [Fact]
    public async Task Headers_ThatOnlyWeMaySet_AreTakenOffRequests()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/genres?strip");
        foreach (var name in new[] { "X-User-Id", "X-Internal-Call", "X-Service-Credential", "X-Stealth-Lease", "Forwarded", "X-Original-For" })
            request.Headers.TryAddWithoutValidation(name, "forged");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "6.6.6.6");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");

        (await world.Gateway.Client().SendAsync(request)).EnsureSuccessStatusCode();

        var seen = world.Backends["generation"].Requests.Last(r => r.Path == "/api/genres?strip").Headers;
        Assert.DoesNotContain(seen, header => header.Value.Contains("forged", StringComparison.Ordinal) || header.Value.Contains("evil", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
    }

    [Theory]
    [InlineData("/api/genres")]
    [InlineData("/api/nothing")]
    [InlineData("/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health")]
    public async Task Answer_OfAnyKind_CarriesTheSecurityHeadersAndNoServerName(string path)
    {
        using var answer = await world.Gateway.Client().GetAsync(path);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("microphone=(self)", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task StrictTransport_WhenTheProxySaysHttps_IsAskedFor()
    {
        await using var gateway = await world.StartGatewayAsync(("Gateway:KnownProxies", "127.0.0.0/8"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/genres") { Headers = { { "X-Forwarded-For", "6.6.6.6" }, { "X-Forwarded-Proto", "https" } } };

        using var answer = await gateway.Client().SendAsync(request);

        Assert.StartsWith("max-age=", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Origin_WhenAllowed_MayReadTheAnswerAndItsHeaders()
    {
        await using var gateway = await world.StartGatewayAsync(("Gateway:AllowedOrigins", "https://app.example, https://two.example"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/nothing") { Headers = { { "Origin", "https://two.example" } } };
        using var answer = await gateway.Client().SendAsync(request);
        Assert.Equal("https://two.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("Retry-After,RateLimit,RateLimit-Policy,Location,ETag", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());

        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/generations")
        {
            Headers = { { "Origin", "https://app.example" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,idempotency-key" } },
        };
        using var allowed = await gateway.Client().SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.True(allowed.Headers.Contains("Access-Control-Allow-Methods"));

        var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/genres") { Headers = { { "Origin", "https://evil.example" } } };
        using var refused = await gateway.Client().SendAsync(foreign);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static string ForeignToken()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "son1kvers3",
            Audience = "son1kvers3",
            Subject = new ClaimsIdentity([new Claim("sub", Guid.NewGuid().ToString()), new Claim("roles", "operator")]),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = "foreign" }, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
