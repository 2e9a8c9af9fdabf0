using System.Net;
using System.Text.RegularExpressions;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed partial class RateLimitTests(World world)
{
    /// <summary>Callers from addresses of their own, so that no test counts against another's.</summary>
    private static readonly (string, string?) BehindProxy = ("Gateway:KnownProxies", "127.0.0.1");

    [Fact]
    public async Task User_BeyondTheBurst_Is429_AcrossTwoGateways()
    {
        await using var first = await world.StartGatewayAsync();
        await using var second = await world.StartGatewayAsync();
        var token = world.Tokens.Issue(Guid.CreateVersion7());
        HttpClient[] clients = [first.Client(token), second.Client(token)];

        var begun = TimeProvider.System.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 160).Select(n => clients[n % 2].GetAsync("/api/genres")));
        var elapsed = TimeProvider.System.GetElapsedTime(begun);

        var allowed = answers.Count(a => a.StatusCode == HttpStatusCode.OK);
        // A burst of 100, and ten a second that come back while the requests are on their way; the gateway that was done first may have been granted
        // up to nine more than it was asked for.
        Assert.InRange(allowed, 91, 100 + (int)Math.Ceiling(elapsed.TotalSeconds * 10) + 1);
        if (elapsed < TimeSpan.FromSeconds(5))
        {
            var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
            await refused.ProblemAsync(429, "rate-limited");
            Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Anonymous_IsLimitedByAddress_AndToldHowMuchIsLeft()
    {
        await using var gateway = await world.StartGatewayAsync(BehindProxy, ("RATE_LIMIT_SCALE", "0.05"));
        var client = Client(gateway, "198.51.100.1");

        var begun = TimeProvider.System.GetTimestamp();
        for (var left = 5; left >= 0; left--)
        {
            using var answer = await client.GetAsync("/api/genres");
            Assert.Equal("\"anonymous\";q=6;w=60", answer.Headers.GetValues("RateLimit-Policy").Single());
            var told = RateLimitField().Match(answer.Headers.GetValues("RateLimit").Single());
            Assert.True(told.Success);
            // One comes back every ten seconds: only on a machine that stands still can it be more.
            var back = (int)(TimeProvider.System.GetElapsedTime(begun).TotalSeconds / 10);
            Assert.InRange(int.Parse(told.Groups["r"].Value), left, left + back);
        }

        using var refused = await Eventually.GetAsync(
            async () => await client.GetAsync("/api/genres") is { StatusCode: HttpStatusCode.TooManyRequests } answer ? answer : null, "the limit is reached");
        await refused.ProblemAsync(429, "rate-limited");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        Assert.Equal("0", RateLimitField().Match(refused.Headers.GetValues("RateLimit").Single()).Groups["r"].Value);
        Assert.Equal(HttpStatusCode.OK, (await Client(gateway, "198.51.100.2").GetAsync("/api/genres")).StatusCode);
    }

    [Fact]
    public async Task SignIn_HasALimitOfItsOwn_AlsoWithAToken()
    {
        await using var gateway = await world.StartGatewayAsync(BehindProxy);
        var client = Client(gateway, "198.51.100.3", world.Tokens.Issue(Guid.CreateVersion7()));

        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 10; n++)
        {
            codes.Add((await client.PostAsync("/api/auth/login", null)).StatusCode);
            codes.Add((await client.PostAsync("/api/auth/register", null)).StatusCode);
        }

        Assert.All(codes, code => Assert.Equal(HttpStatusCode.OK, code));
        // One comes back every three seconds: on a slow machine a few more may pass, but not twenty.
        var later = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync("/api/auth/login", null)));
        Assert.Contains(later, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("\"sign-in\";q=20;w=60", later[0].Headers.GetValues("RateLimit-Policy").Single());
    }

    [Theory]
    [InlineData("POST", "/api/auth/password/reset", "sign-in")]
    [InlineData("POST", "/api/auth/password/reset/confirm", "sign-in")]
    [InlineData("POST", "/api/auth/email/verify", "sign-in")]
    [InlineData("POST", "/api/auth/email/resend", "sign-in")]
    [InlineData("POST", "/api/auth/refresh", "anonymous")]
    [InlineData("GET", "/api/generations/1/cover?size=96", "media")]
    [InlineData("HEAD", "/api/generations/1/audio?format=mp3&sig=x", "media")]
    [InlineData("GET", "/api/generations/1/waveform", "media")]
    [InlineData("POST", "/api/generations/1/cover", "anonymous")]
    [InlineData("GET", "/api/generations/1/stems", "anonymous")]
    public async Task Request_CountsAgainstTheLimitOfItsKind(string method, string path, string limit)
    {
        using var answer = await world.Gateway.Client().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.StartsWith($"\"{limit}\";", answer.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task ForwardedFor_FromAnUnknownProxy_IsIgnored()
    {
        await using var gateway = await world.StartGatewayAsync(("RATE_LIMIT_SCALE", "0.05"), ("Gateway:KnownProxies", "203.0.113.7"), Fresh());

        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 12; n++)
            codes.Add((await Client(gateway, $"198.51.100.{100 + n}").GetAsync("/api/genres")).StatusCode);

        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    [Fact]
    public async Task ForwardedFor_WithForgedFirstHop_CountsTheHopThatOurProxySaw()
    {
        await using var gateway = await world.StartGatewayAsync(BehindProxy, ("RATE_LIMIT_SCALE", "0.05"));

        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 12; n++)
            codes.Add((await Client(gateway, $"10.0.0.{n}, 198.51.100.77").GetAsync("/api/genres")).StatusCode);

        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
    }

    [Fact]
    public async Task Webhook_AndExemptPaths_AreNotHeldToTheAnonymousLimit()
    {
        await using var gateway = await world.StartGatewayAsync(BehindProxy, ("RATE_LIMIT_SCALE", "0.05"));
        var client = Client(gateway, "198.51.100.4");

        foreach (var path in new[] { "/health", "/alive", "/.well-known/jwks.json", "/", "/docs" })
        {
            for (var n = 0; n < 10; n++)
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.False(answer.Headers.Contains("RateLimit"));
            }
        }

        for (var n = 0; n < 40; n++)
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/tiers/webhook", null)).StatusCode);
        using var last = await client.PostAsync("/api/tiers/webhook", null);
        Assert.Equal("\"webhook\";q=50;w=60", last.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task Redis_WhenGoneAndBack_LimitsGoOnLocally_AndNobodySeesA5xx()
    {
        var servers = await ServerSet.StartAsync(TestRun.CreateFolder("gateway-redis"), ServerKinds.Redis);
        var redis = servers.CreateRedisDatabase();
        await using var gateway = await world.StartGatewayAsync(("ConnectionStrings:redis", redis), BehindProxy, ("RATE_LIMIT_SCALE", "0.05"));
        Assert.Equal(HttpStatusCode.OK, (await Client(gateway, "198.51.100.5").GetAsync("/api/genres")).StatusCode);

        await servers.KillRedisAsync();
        var client = Client(gateway, "198.51.100.6");
        var codes = new List<HttpStatusCode>();
        for (var n = 0; n < 10; n++)
            codes.Add((await client.GetAsync("/api/genres")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, codes[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.DoesNotContain(codes, code => (int)code >= 500);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);

        await servers.StartRedisAsync();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "Redis is back");
        using var counters = await ConnectionMultiplexer.ConnectAsync(redis);
        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/api/genres")).IsSuccessStatusCode && await counters.GetDatabase().KeyExistsAsync("gateway:rate:anonymous:198.51.100.6"), "Redis counts again");
        await servers.DiscardAsync();
    }

    private static HttpClient Client(RunningGateway gateway, string address, string? token = null)
    {
        var client = gateway.Client(token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", address);
        return client;
    }

    /// <summary>A Redis database of its own: loopback's counter is in use in the shared one.</summary>
    private static (string, string?) Fresh() => ("ConnectionStrings:redis", ServerSet.GetAsync().GetAwaiter().GetResult().CreateRedisDatabase());

    [GeneratedRegex("^\"[a-z-]+\";r=(?<r>[0-9]+);t=[0-9]+$")]
    private static partial Regex RateLimitField();
}
