using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class ApiKeyTests(World world)
{
    private readonly Guid _user = Guid.CreateVersion7();
    private readonly Guid _key = Guid.CreateVersion7();
    private volatile bool _revoked;
    private string _tier = "PRO";
    private string _scopes = "read write";
    private string _role = "member";

    [Fact]
    public async Task Key_WhenValid_IsExchangedOnceAndReplacedByTheToken()
    {
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));
        var client = Client(gateway, "good");

        for (var n = 0; n < 5; n++)
            (await client.GetAsync("/api/genres?by-key")).EnsureSuccessStatusCode();

        Assert.Single(Exchanges(profile));
        var seen = world.Backends["generation"].Requests.Last(r => r.Path == "/api/genres?by-key").Headers;
        Assert.DoesNotContain("X-Api-Key", seen.Keys);
        Assert.StartsWith("Bearer ey", seen["Authorization"]);
    }

    [Theory]
    [InlineData("PRO", "\"key-pro\";q=60;w=60")]
    [InlineData("STUDIO", "\"key-studio\";q=600;w=60")]
    public async Task Key_IsLimitedByItsOwnersTier(string tier, string policy)
    {
        _tier = tier;
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        using var answer = await Client(gateway, "good").GetAsync("/api/genres");

        Assert.Equal(policy, answer.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task Key_WhenUnknown_Is401()
    {
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        await (await Client(gateway, "wrong").GetAsync("/api/genres")).ProblemAsync(401, "invalid-api-key");
        await (await Client(gateway, new string('x', 1000)).GetAsync("/api/genres")).ProblemAsync(401, "invalid-api-key");
        Assert.Single(Exchanges(profile));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_WhenRevokedOrItsOwnerDowngraded_IsForgottenByEveryGateway(bool byKey)
    {
        await using var profile = await StartProfileAsync();
        await using var first = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));
        await using var second = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));
        HttpClient[] clients = [Client(first, "good"), Client(second, "good")];
        foreach (var client in clients)
            (await client.GetAsync("/api/genres")).EnsureSuccessStatusCode();

        _revoked = true;
        foreach (var client in clients)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/genres")).StatusCode);
        using var redis = await ConnectionMultiplexer.ConnectAsync(world.Redis);
        await redis.GetSubscriber().PublishAsync(new RedisChannel(ApiKeyRevocations.Channel, RedisChannel.PatternMode.Literal), (byKey ? _key : _user).ToString());

        foreach (var client in clients)
            await Eventually.TrueAsync(async () => (await client.GetAsync("/api/genres")).StatusCode == HttpStatusCode.Unauthorized, "the key is forgotten");
    }

    [Fact]
    public async Task Key_WhenProfileIsAway_Is503ForUnknownOnes_AndKnownOnesGoOn()
    {
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));
        (await Client(gateway, "good").GetAsync("/api/genres")).EnsureSuccessStatusCode();
        await profile.StopAsync();

        Assert.Equal(HttpStatusCode.OK, (await Client(gateway, "good").GetAsync("/api/genres")).StatusCode);
        using var answer = await Client(gateway, "other").GetAsync("/api/genres");
        await answer.ProblemAsync(503, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("read", "GET", true)]
    [InlineData("read", "HEAD", true)]
    [InlineData("read", "POST", false)]
    [InlineData("read", "PUT", false)]
    [InlineData("read", "PATCH", false)]
    [InlineData("read", "DELETE", false)]
    [InlineData("write", "POST", true)]
    [InlineData("write", "DELETE", true)]
    [InlineData("write", "GET", false)]
    [InlineData("read write", "GET", true)]
    [InlineData("read write", "POST", true)]
    [InlineData("", "GET", false)]
    [InlineData("readwrite", "GET", false)]
    public async Task Key_DoesWhatItsScopesCover_AndNoServiceIsAskedForMore(string scopes, string method, bool allowed)
    {
        _scopes = scopes;
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));
        var path = $"/api/generations?{Guid.NewGuid():N}";

        using var answer = await Client(gateway, "good").SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(allowed, world.Backends["generation"].Requests.Any(r => r.Path == path));
        if (allowed)
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        else
            Assert.Equal(method == "GET" ? "read" : "write", (await answer.ProblemAsync(403, "scope-missing")).Extensions["scope"]?.ToString());
    }

    [Fact]
    public async Task Key_WhenItsTokenSaysOperator_StillOperatesNothing()
    {
        _role = "operator";
        await using var profile = await StartProfileAsync();
        await using var gateway = await world.StartGatewayAsync(("services:profile:http:0", profile.Address));

        foreach (var path in (string[])["/api/admin/dashboard", "/api/stealth/accounts"])
            await (await Client(gateway, "good").GetAsync(path)).ProblemAsync(403, "forbidden");
    }

    private static IEnumerable<object> Exchanges(Backend profile) =>
        profile.Requests.Where(r => r.Path == "/internal/api-keys/exchange").Select(r => (object)r.Path);

    private static HttpClient Client(RunningGateway gateway, string key)
    {
        var client = gateway.Client();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    private Task<Backend> StartProfileAsync() => Backend.StartAsync("profile", app =>
    {
        world.MapJwks(app);
        app.MapPost("/internal/api-keys/exchange", async (HttpRequest request) =>
            (await request.ReadFromJsonAsync<Dictionary<string, string>>())!["key"] == "good" && !_revoked
                ? Results.Json(new { accessToken = world.Tokens.IssueForApiKey(_user, _scopes, _role), expiresIn = 120, userId = _user, keyId = _key, tier = _tier })
                : Results.StatusCode(401));
    });
}
