using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Servers of its own, to be broken.</summary>
public sealed class BreakableFixture : GenerationFixture
{
    internal ServerSet Servers { get; private set; } = null!;
    internal HeldFfmpeg Ffmpeg { get; } = new();

    protected override async Task PrepareAsync(Dictionary<string, string?> settings)
    {
        Servers = await ServerSet.StartAsync(TestRun.CreateFolder("breakable"));
        settings["ConnectionStrings:messaging"] = await Servers.CreateVirtualHostAsync();
        settings["ConnectionStrings:redis"] = Servers.CreateRedisDatabase();
        settings["Studio:Ffmpeg"] = Ffmpeg.Path;
        settings["ConnectionStrings:generationdb"] = await Servers.CreateDatabaseAsync("generation");
    }

    protected override Task CleanUpAsync() => Servers.DiscardAsync();
}

/// <summary>The broker or Redis goes away.</summary>
[Trait("Category", "Integration")]
public sealed class OutageTests(BreakableFixture fixture) : IClassFixture<BreakableFixture>
{
    private const string Durable = "durable-listener";

    [Fact]
    public async Task Broker_WhenAway_LosesNothingAndAcceptsNothingByHalves()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var inFlight = new List<Guid>();
        for (var i = 0; i < 4; i++)
            inFlight.Add(await GenerationFixture.OrderAsync(client, i == 0 ? "hold:rendering" : "a tone"));

        await using (var before = await ConnectAsync())
        await using (var channel = await before.CreateChannelAsync())
        {
            // As a service's own queue: it outlives the broker's restart.
            await channel.QueueDeclareAsync(Durable, durable: true, exclusive: false, autoDelete: false);
            await channel.QueueBindAsync(Durable, "son1k.generation-completed.v1", "");
        }

        await fixture.Servers.StopRabbitAsync();
        var begun = Stopwatch.GetTimestamp();
        var refused = await client.PostAsJsonAsync("/api/generations", new { prompt = "during the outage", provider = "test" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM pending_reservations"));
        Assert.Equal(4, await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1", user));
        fixture.Provider.Release(inFlight[0]);
        foreach (var id in inFlight)
            await GenerationFixture.WhenAsync(client, id, "completed");
        await fixture.Servers.StartRabbitAsync();

        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM outbox") == 0,
            "the outbox is delivered", TimeSpan.FromSeconds(90));
        Assert.Equal(inFlight.Order(), (await AnnouncedAsync()).Where(inFlight.Contains).Distinct().Order());
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.Reserved(user) == 4), "the refused one is not reserved");
        Assert.NotEqual(Guid.Empty, await GenerationFixture.OrderAsync(client));
    }

    private Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { Uri = new Uri(fixture.Settings["ConnectionStrings:messaging"]!) }.CreateConnectionAsync();

    /// <summary>What stands in the durable queue.</summary>
    private async Task<List<Guid>> AnnouncedAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var announced = new List<Guid>();
        while (await channel.BasicGetAsync(Durable, autoAck: true) is { } got)
            announced.Add(JsonNode.Parse(got.Body.Span)!["message"]!["generationId"]!.GetValue<Guid>());
        return announced;
    }

    [Fact]
    public async Task Database_WhenAwayForAMoment_IsMissedByNobodyAfterwards()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");

        await fixture.Servers.StopPostgresAsync();
        Assert.True((int)(await client.GetAsync($"/api/generations/{id}")).StatusCode >= 500);
        await fixture.Servers.StartPostgresAsync();
        fixture.Provider.Release(id);

        await GenerationFixture.WhenAsync(client, id, "completed", TimeSpan.FromSeconds(60));
        var next = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, next, "completed", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(
            () => Task.FromResult(new[] { id, next }.All(track => fixture.Bus.Heard<GenerationCompleted>().Any(e => e.GenerationId == track))),
            "both are announced");
        Assert.Single(fixture.Bus.Heard<GenerationCompleted>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
    }

    [Fact]
    public async Task Redis_WhenAway_LeavesProgressToPolling()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        await fixture.Servers.KillRedisAsync();
        try
        {
            var events = new List<SseEvent>();
            await foreach (
                var e in client.ReadEventsAsync(
                $"/api/generations/{id}/events", cancellationToken: new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token))
            {
                events.Add(e);
                if (e.Kind == "rendering")
                    fixture.Provider.Release(id);
            }

            Assert.Equal("completed", events[^1].Kind);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        }
        finally
        {
            await fixture.Servers.StartRedisAsync();
        }
    }

    [Fact]
    public async Task Redis_WhenAway_IsNotNeededToRestoreATrack()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        await fixture.ArchiveAsync(id);
        fixture.Ffmpeg.Hold(id);
        await fixture.Servers.KillRedisAsync();
        try
        {
            Assert.Equal(HttpStatusCode.Accepted, (await RestoreFixture.AskAsync(client, id)).StatusCode);

            var events = await RestoreFixture.FollowAsync(client, id, e =>
            {
                fixture.Ffmpeg.Release(id);
                return Task.CompletedTask;
            });

            Assert.Equal("restored", events[^1].Kind);
        }
        finally
        {
            await fixture.Servers.StartRedisAsync();
        }
    }
}
