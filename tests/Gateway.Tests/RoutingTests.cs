using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Gateway.Routing;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RoutingTests(World world)
{
    [Theory]
    [InlineData("/api/auth/me", "profile")]
    [InlineData("/api/profiles/ana/wall?view=all", "profile")]
    [InlineData("/api/wall/1", "profile")]
    [InlineData("/api/collections", "profile")]
    [InlineData("/api/notifications/stream", "profile")]
    [InlineData("/api/search?q=x", "profile")]
    [InlineData("/api/alvae/me", "profile")]
    [InlineData("/api/feed", "profile")]
    [InlineData("/api/likes", "profile")]
    [InlineData("/api/challenges/1/entries", "profile")]
    [InlineData("/api/reports/1/appeal", "profile")]
    [InlineData("/api/analytics/events", "profile")]
    [InlineData("/api/wall/1/comments", "profile")]
    [InlineData("/api/wall/comments/1", "profile")]
    [InlineData("/api/wall/1/like", "pool")]
    [InlineData("/api/tiers", "billing")]
    [InlineData("/api/tiers/limits", "billing")]
    [InlineData("/api/community/pool", "pool")]
    [InlineData("/api/generations", "generation")]
    [InlineData("/api/generations/0198/audio?format=mp3&sig=a%2Fb", "generation")]
    [InlineData("/api/voice-memos/1", "generation")]
    [InlineData("/api/media?ids=1", "generation")]
    [InlineData("/api/downloads", "generation")]
    [InlineData("/api/genres", "generation")]
    [InlineData("/api/providers", "generation")]
    public async Task Request_WhenRouted_ReachesItsServiceUnchanged(string path, string service)
    {
        var answer = await world.Gateway.Client().GetFromJsonAsync<Dictionary<string, object>>(path);

        Assert.Equal(service, answer!["service"].ToString());
        Assert.Contains(world.Backends[service].Requests, request => request.Path == path);
    }

    [Theory]
    [InlineData("/api/admin/dashboard", "billing")]
    [InlineData("/api/admin/ledger/check", "billing")]
    [InlineData("/api/admin/users/1/grants", "billing")]
    [InlineData("/api/admin/users?q=a", "profile")]
    [InlineData("/api/admin/users/1/operator", "profile")]
    [InlineData("/api/admin/errors/q/replay", "profile")]
    [InlineData("/api/admin/reports", "profile")]
    [InlineData("/api/admin/challenges", "profile")]
    [InlineData("/api/admin/analytics", "profile")]
    [InlineData("/api/admin/pool/1/hide", "pool")]
    [InlineData("/api/stealth/health", "stealth")]
    public async Task OperatorRoute_WhenOperator_ReachesItsService(string path, string service)
    {
        var client = world.Gateway.Client(world.Tokens.Issue(Guid.CreateVersion7(), "operator"));

        var answer = await client.GetFromJsonAsync<Dictionary<string, object>>(path);

        Assert.Equal(service, answer!["service"].ToString());
    }

    [Theory]
    [InlineData("/internal/api-keys/exchange")]
    [InlineData("/api/profiles/../../internal/api-keys/exchange")]
    [InlineData("/api/profiles/%2e%2e/%2e%2e/internal/api-keys/exchange")]
    [InlineData("/api/profiles/..%2f..%2finternal/api-keys/exchange")]
    [InlineData("//internal/api-keys/exchange")]
    [InlineData("/api/../internal/x")]
    [InlineData("/api/auth/..\\..\\internal\\x")]
    [InlineData("/egress/studio/x")]
    public async Task InternalPath_HoweverWritten_IsNeverReached(string path)
    {
        var mark = Guid.NewGuid().ToString("N");
        var raw = await RawAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Mark: {mark}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 ", raw);
        var arrived = world.Backends.Values.SelectMany(b => b.Requests).Where(r => r.Headers.GetValueOrDefault("X-Mark") == mark);
        // What does arrive stays below the prefix that was routed: the service sees one odd segment there.
        Assert.All(arrived, request => Assert.StartsWith("/api/", request.Path));
        Assert.DoesNotContain(world.Backends.Values.SelectMany(b => b.Requests), r => r.Path.StartsWith("/internal", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task OperatorPath_ThatNoServiceHas_Is404ForOperators() =>
        await (await world.Gateway.Client(world.Tokens.Issue(Guid.CreateVersion7(), "operator")).GetAsync("/api/admin/nothing")).ProblemAsync(404, "not-found");

    [Theory]
    [InlineData("/api/nothing-here")]
    [InlineData("/api")]
    [InlineData("/nothing-here")]
    public async Task UnknownPath_WhenAsked_Is404Problem(string path) =>
        await (await world.Gateway.Client().GetAsync(path)).ProblemAsync(404, "not-found");

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task WrongMethod_OnOwnEndpoint_Is405Problem(string path)
    {
        var response = await world.Gateway.Client().DeleteAsync(path);

        await response.ProblemAsync(405, "method-not-allowed");
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Request_WithTraceContext_CarriesItToTheService()
    {
        var trace = ActivityTraceId.CreateRandom();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/genres?trace") { Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } } };
        // The test's own client would put its own context in.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = world.Gateway.Address };

        (await client.SendAsync(request)).EnsureSuccessStatusCode();

        var seen = Assert.Single(world.Backends["generation"].Requests, r => r.Path == "/api/genres?trace").Headers["traceparent"];
        Assert.StartsWith($"00-{trace}-", seen);
        Assert.NotEqual(request.Headers.GetValues("traceparent").Single(), seen);
    }

    [Fact]
    public async Task Upgrade_WhenAsked_IsForwardedAsAnOrdinaryRequest()
    {
        var raw = await RawAsync("GET /api/genres?ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", raw);
        Assert.DoesNotContain("Upgrade", Assert.Single(world.Backends["generation"].Requests, r => r.Path == "/api/genres?ws").Headers.Keys);
    }

    [Fact]
    public async Task ServerSentEvents_WhenSent_ArriveOneByOne()
    {
        var gate = new SemaphoreSlim(0);
        await using var service = await Backend.StartAsync("generation", app => app.MapGet("/api/generations/1/events", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            for (var n = 1; n <= 3; n++)
            {
                await http.Response.WriteAsync($"event: rendering\ndata: {n}\n\n");
                await http.Response.Body.FlushAsync();
                await gate.WaitAsync(http.RequestAborted);
            }
        }));
        await using var gateway = await world.StartGatewayAsync(("services:generation:http:0", service.Address));
        using var response = await gateway.Client().GetAsync("/api/generations/1/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var n = 1; n <= 3; n++)
        {
            // The next event is only sent after this one was read: a buffer anywhere would end in the time limit.
            Assert.Equal("event: rendering", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.Equal($"data: {n}", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
            await reader.ReadLineAsync();
            gate.Release();
        }

        Assert.Null(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Table_OfRoutes_SendsTheLongerPathFirst()
    {
        Assert.Equal("billing", RouteTable.ServiceOf("/api/admin/ledger/check"));
        Assert.Equal("pool", RouteTable.ServiceOf("/api/wall/{creationId}/like/"));
        Assert.Equal("profile", RouteTable.ServiceOf("/api/wall//like"));
        Assert.Equal("profile", RouteTable.ServiceOf("/api/admin/users/1"));
        Assert.Null(RouteTable.ServiceOf("/api/admin/nothing"));
        Assert.Null(RouteTable.ServiceOf("/"));
        Assert.Equal("profile", RouteTable.ServiceOf("/API/Search"));
        Assert.Null(RouteTable.ServiceOf("/api/searching"));
        Assert.Null(RouteTable.ServiceOf("/.well-known/jwks.json/x"));
        Assert.Null(RouteTable.ServiceOf("/internal/api-keys/exchange"));
    }

    private async Task<string> RawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(world.Gateway.Address.Host, world.Gateway.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
