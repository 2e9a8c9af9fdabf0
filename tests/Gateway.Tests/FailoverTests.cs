using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.Testing;

namespace Son1kVers3.Gateway.Tests;

[Collection(WorldCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FailoverTests(World world)
{
    [Fact]
    public async Task Replica_WhenDead_IsPassedOver()
    {
        await using var first = await Backend.StartAsync("pool");
        await using var second = await Backend.StartAsync("pool");
        await using var gateway = await world.StartGatewayAsync(("services:pool:http:0", first.Address), ("services:pool:http:1", second.Address), ("RATE_LIMIT_SCALE", "1000"));
        var client = gateway.Client();

        await first.StopAsync();
        for (var n = 0; n < 30; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/community/pool")).StatusCode);
            // It never got a connection, so it can't have had an effect: a write may go on too, with its body.
            using var write = await client.PostAsJsonAsync("/api/community/contribute", new { n });
            Assert.Equal(HttpStatusCode.OK, write.StatusCode);
            Assert.True((await write.JsonAsync()).GetProperty("bytes").GetInt64() > 0);
        }

        await first.StartAsync();
        await second.StopAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/community/pool")).StatusCode);
    }

    [Fact]
    public async Task Read_WhenReplicaBreaksOff_IsRepeatedOnAnother_AndWriteIsNot()
    {
        var writes = 0;
        await using var breaking = await Backend.StartAsync("pool", app => app.Map("/api/community/{**rest}", (HttpContext http) =>
        {
            if (HttpMethods.IsPost(http.Request.Method))
                Interlocked.Increment(ref writes);
            http.Abort();
        }));
        await using var good = await Backend.StartAsync("pool", app => app.MapPost("/api/community/contribute", () => Interlocked.Add(ref writes, 1000)));
        await using var gateway = await world.StartGatewayAsync(("services:pool:http:0", breaking.Address), ("services:pool:http:1", good.Address), ("RATE_LIMIT_SCALE", "1000"));
        var client = gateway.Client();

        for (var n = 0; n < 20; n++)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/community/pool")).StatusCode);

        for (var n = 0; n < 50 && writes % 1000 == 0; n++)
        {
            var before = writes;
            using var answer = await client.PostAsJsonAsync("/api/community/contribute", new { n });
            Assert.True(answer.IsSuccessStatusCode ? writes == before + 1000 : writes == before + 1, "A write reached two replicas.");
            if (!answer.IsSuccessStatusCode)
                await answer.ProblemAsync(503, "unavailable");
        }
    }

    [Fact]
    public async Task Service_WhenAway_Is503WithRetryAfter_AndBackAtOnce()
    {
        await using var service = await Backend.StartAsync("billing");
        await using var gateway = await world.StartGatewayAsync(("services:billing:http:0", service.Address));
        await service.StopAsync();

        using var away = await gateway.Client().GetAsync("/api/tiers");
        await away.ProblemAsync(503, "unavailable");
        Assert.True(away.Headers.RetryAfter!.Delta > TimeSpan.Zero);

        await service.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client().GetAsync("/api/tiers")).StatusCode);
    }

    [Fact]
    public async Task Service_WithoutAddress_Is503WithRetryAfter()
    {
        await using var gateway = await RunningGateway.StartAsync(world.Settings(("services:pool:http:0", null)));

        using var answer = await gateway.Client().GetAsync("/api/community/pool");

        await answer.ProblemAsync(503, "unavailable");
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Health_WhenServicesComeUp_TurnsReadyOnce_AndStaysSoWhenOneFallsIll()
    {
        await using var late = new Backend("stealth", FreePort.Next());
        await using var gateway = await RunningGateway.StartAsync(world.Settings(("services:stealth:http:0", late.Address)));
        var client = gateway.Client();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);

        late.Health = (200, """{"status":"degraded","checks":{"studio-tools":{"status":"degraded","detail":"ffmpeg is missing"}}}""");
        await late.StartAsync();
        await Testing.Eventually.TrueAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "ready");
        Assert.Contains("ffmpeg is missing", await client.GetStringAsync("/health"));

        await late.StopAsync();
        await Testing.Eventually.TrueAsync(
            async () => (await (await client.GetAsync("/health")).JsonAsync()).GetProperty("checks").GetProperty("stealth").GetProperty("detail").GetString() == "It does not answer.",
            "the sick service shows");
        using var answer = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("degraded", (await answer.JsonAsync()).GetProperty("status").GetString());
    }
}
