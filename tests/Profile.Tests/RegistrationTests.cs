using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class RegistrationTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Register_WhenNew_ReturnsUserAndTokensAndAnnouncesTheMember()
    {
        using var client = fixture.Client();
        var name = $"New.{Guid.NewGuid():N}"[..20];
        using var response = await client.PostAsJsonAsync("/api/auth/register", new { email = $"{name}@Example.org", username = name, password = ProfileFixture.Password });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var json = await response.JsonAsync();
        var user = json["user"]!;
        Assert.Equal((name, $"{name}@Example.org", name), ((string)user["username"]!, (string)user["email"]!, (string)user["displayName"]!));
        Assert.Equal(["member"], user["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(900, (int)json["expiresIn"]!);
        Assert.Equal('7', ((string)user["id"]!)[14]);
        var id = (Guid)user["id"]!;
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<UserRegistered>().Any(e => e.UserId == id && e.Sequence == 1)), "the member is announced");
    }

    [Fact]
    public async Task Register_WhenTwentyAtOnceWithOneAddress_MakesOneAccountAndOneEvent()
    {
        using var client = fixture.Client();
        var email = $"{Guid.NewGuid():N}@example.org";
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.PostAsJsonAsync(
            "/api/auth/register", new { email = i % 2 == 0 ? email : email.ToUpperInvariant(), username = $"r{i}{Guid.NewGuid():N}"[..20], password = ProfileFixture.Password })));

        var winner = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var loser in answers.Where(a => a != winner))
            await loser.IsProblemAsync(409, "email-taken");
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM accounts WHERE email_key = $1", email));
        await Eventually.TrueAsync(() => Task.FromResult(Announced(email) == 1), "the member is announced");
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM outbox") == 0, "the outbox is empty");
        Assert.Equal(1, Announced(email));
    }

    [Fact]
    public async Task Register_WhenTwentyAtOnceWithOneName_MakesOneAccount()
    {
        using var client = fixture.Client();
        var name = $"n{Guid.NewGuid():N}"[..20];
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.PostAsJsonAsync(
            "/api/auth/register", new { email = $"{Guid.NewGuid():N}@example.org", username = i % 2 == 0 ? name : name.ToUpperInvariant(), password = ProfileFixture.Password })));

        var winner = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var loser in answers.Where(a => a != winner))
            await loser.IsProblemAsync(409, "username-taken");
    }

    [Theory]
    [InlineData("email", "no-address")]
    [InlineData("email", "a@b")]
    [InlineData("email", "a b@example.org")]
    [InlineData("email", "nul\0@example.org")]
    [InlineData("username", "ab")]
    [InlineData("username", "with space")]
    [InlineData("username", "../etc")]
    [InlineData("username", "Admin")]
    [InlineData("username", "me")]
    [InlineData("username", "nul\0nul")]
    [InlineData("username", "trailing\n")]
    [InlineData("password", "short-one")]
    [InlineData("password", "1234567890")]
    [InlineData("password", "Password123!")]
    [InlineData("password", "qwertyuiop")]
    [InlineData("password", "Minecraft1")]
    [InlineData("email", null)]
    [InlineData("username", null)]
    [InlineData("password", null)]
    public async Task Register_WhenAFieldIsUnfit_TellsWhich(string field, string? value)
    {
        var body = new JsonObject { ["email"] = $"{Guid.NewGuid():N}@example.org", ["username"] = $"v{Guid.NewGuid():N}"[..20], ["password"] = ProfileFixture.Password };
        body[field] = value;
        using var client = fixture.Client();
        using var response = await client.PostAsJsonAsync("/api/auth/register", body);

        var problem = await response.IsProblemAsync(400, "validation");
        Assert.Equal([field], problem["errors"]!.AsObject().Select(e => e.Key));
    }

    [Theory]
    [InlineData("email", "no-address", FieldReasons.Email)]
    [InlineData("username", "ab", FieldReasons.Username)]
    [InlineData("username", "Admin", FieldReasons.UsernameReserved)]
    [InlineData("password", "short-one", FieldReasons.Length)]
    public async Task Register_WhenAFieldIsUnfit_NamesTheReasonForApps(string field, string value, string code)
    {
        var body = new JsonObject { ["email"] = $"{Guid.NewGuid():N}@example.org", ["username"] = $"v{Guid.NewGuid():N}"[..20], ["password"] = ProfileFixture.Password };
        body[field] = value;
        using var client = fixture.Client();
        using var response = await client.PostAsJsonAsync("/api/auth/register", body);

        var problem = await response.IsProblemAsync(400, "validation");
        Assert.Equal(code, (string?)problem["reasons"]![field]!["code"]);
    }

    [Theory]
    [InlineData("{\"email\":[\"a\"],\"username\":\"x\",\"password\":\"y\"}", 400)]
    [InlineData("{\"email\":\"\\ud800\"}", 400)]
    [InlineData("{\"email\":", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    [InlineData("\"text\"", 400)]
    public async Task Register_WhenTheBodyIsNoSuchObject_IsABadRequest(string body, int status)
    {
        using var client = fixture.Client();
        using var response = await client.PostAsync("/api/auth/register", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Register_WhenTheBodyIsTooLargeOrNotJson_SaysSo()
    {
        using var client = fixture.Client();
        using var large = await client.PostAsJsonAsync("/api/auth/register", new { email = new string('a', 1_100_000) });
        await large.IsProblemAsync(413, "body-too-large");
        using var text = await client.PostAsync("/api/auth/register", new StringContent("hello", Encoding.UTF8, "text/plain"));
        await text.IsProblemAsync(415, "unsupported-media-type");
        using var odd = new StringContent("{}", Encoding.UTF8, "application/json");
        odd.Headers.ContentType!.CharSet = "no-such-charset";
        using var charset = await client.PostAsync("/api/auth/register", odd);
        await charset.IsProblemAsync(415, "unsupported-media-type");
        using var long1 = await client.PostAsJsonAsync("/api/auth/register", new { email = "a@example.org", username = "long-input", password = new string('x', 900_000) });
        await long1.IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Me_WhenSignedIn_ReturnsTheAccount()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        using var response = await client.GetAsync("/api/auth/me");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var me = await response.JsonAsync();
        Assert.Equal((member.Id, member.Email), ((Guid)me["id"]!, (string)me["email"]!));
    }

    [Fact]
    public async Task Me_WhenAnonymousOrForged_Is401()
    {
        using var anonymous = fixture.Client();
        await (await anonymous.GetAsync("/api/auth/me")).IsProblemAsync(401, "unauthorized");
        var member = await fixture.RegisterAsync();
        using var forged = fixture.Client(member.AccessToken[..^4] + "AAAA");
        await (await forged.GetAsync("/api/auth/me")).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Jwks_WhenFetched_VerifiesATokenWithPlainEcdsa()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client();
        var keys = (await (await client.GetAsync("/.well-known/jwks.json")).JsonAsync())["keys"]!.AsArray();
        var parts = member.AccessToken.Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        Assert.Equal("ES256", (string)header["alg"]!);
        var key = Assert.Single(keys, k => (string)k!["kid"]! == (string)header["kid"]!)!;

        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)key["x"]!), Y = Base64Url.DecodeFromChars((string)key["y"]!) },
        });
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Assert.True(ecdsa.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal((member.Id.ToString(), "son1kvers3", "son1kvers3"), ((string)claims["sub"]!, (string)claims["iss"]!, (string)claims["aud"]!));
        Assert.Equal(900, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal(["member"], claims["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Null(claims["tier"]);
    }

    private int Announced(string email) => fixture.Bus.Heard<UserRegistered>().Count(e => e.Email.Equals(email, StringComparison.OrdinalIgnoreCase));
}
