using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>Profile among others: billing and generation answer, pool is away, and stealth is broken.</summary>
public sealed class NeighboursFixture : IAsyncLifetime
{
    private const string Credential = "what-services-show-each-other";

    private readonly WebApplication neighbour = Neighbour();
    private readonly WebApplication broken = Neighbour();
    private ServiceHost<Program> profile = null!;

    /// <summary>Queues that a neighbour was asked to replay.</summary>
    internal ConcurrentQueue<string> Replayed { get; } = [];
    internal HttpClient Boss { get; private set; } = null!;
    internal HttpClient Anonymous { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        neighbour.MapGet("/internal/commands/error-queues", (HttpRequest request) => request.Headers["X-Service-Credential"] == Credential
            ? Results.Json(new[] { new { queue = "billing.generation-completed", messages = 3 }, new { queue = "billing.outbox", messages = 0 } })
            : Results.StatusCode(401));
        neighbour.MapPost("/internal/commands/replay-errors", (Replay replay) =>
        {
            Replayed.Enqueue(replay.Queue);
            return replay.Queue == "billing.generation-completed" ? Results.Json(new { messages = 3 }) : Results.StatusCode(404);
        });
        broken.MapFallback(() => Results.StatusCode(500));
        await neighbour.StartAsync();
        await broken.StartAsync();
        var address = neighbour.Urls.First();
        profile = await ServiceHost<Program>.StartAsync("profile", new Dictionary<string, string?>
        {
            ["Passwords:Iterations"] = "1000",
            ["Alvae:FounderEmail"] = ProfileFixture.FounderEmail,
            ["Mail:DevelopmentMailbox"] = "true",
            ["Internal:Credential"] = Credential,
            ["services:billing:http:0"] = address,
            ["services:generation:http:0"] = address,
            ["services:pool:http:0"] = "http://127.0.0.1:1",
            ["services:stealth:http:0"] = broken.Urls.First(),
        });
        Anonymous = profile.Client();
        Boss = await SignUpAsync(ProfileFixture.FounderEmail);
    }

    public async Task DisposeAsync()
    {
        Boss.Dispose();
        Anonymous.Dispose();
        await profile.DisposeAsync();
        await neighbour.DisposeAsync();
        await broken.DisposeAsync();
    }

    internal async Task<HttpClient> SignUpAsync(string email)
    {
        var client = profile.Client();
        var answer = await (await client.PostAsJsonAsync("/api/auth/register", new { email, username = $"u{Guid.NewGuid():N}"[..20], password = ProfileFixture.Password })).JsonAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string)answer["accessToken"]!);
        return client;
    }

    private static WebApplication Neighbour()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        return app;
    }

    private sealed record Replay(string Queue);
}

/// <summary>Operators see the error queues of all services in one place.</summary>
[Trait("Category", "Integration")]
public sealed class ErrorQueueTests(NeighboursFixture neighbours) : IClassFixture<NeighboursFixture>
{
    private readonly HttpClient boss = neighbours.Boss;

    [Fact]
    public async Task Errors_WhenAServiceIsAway_AreToldOfTheOthers()
    {
        var errors = await (await boss.GetAsync("/api/admin/errors")).JsonAsync();

        Assert.Equal(["pool", "stealth"], errors["away"]!.AsArray().Select(service => (string)service!));
        var items = errors["items"]!.AsArray();
        Assert.Equal(("billing", "billing.generation-completed", 3), ((string)items[0]!["service"]!, (string)items[0]!["queue"]!, (int)items[0]!["messages"]!));
        Assert.Contains("profile.generation-completed", items.Select(item => (string)item!["queue"]!));
        Assert.Contains("profile.outbox", items.Select(item => (string)item!["queue"]!));
    }

    [Fact]
    public async Task Replay_OfAServicesQueue_IsDoneByThatService()
    {
        Assert.Equal(3, (int)(await (await boss.PostAsync("/api/admin/errors/billing.generation-completed/replay", null)).JsonAsync())["messages"]!);
        Assert.Equal(0, (int)(await (await boss.PostAsync("/api/admin/errors/profile.outbox/replay", null)).JsonAsync())["messages"]!);
        await (await boss.PostAsync("/api/admin/errors/billing.nothing/replay", null)).IsProblemAsync(404, "not-found");
        await (await boss.PostAsync("/api/admin/errors/profile.nothing/replay", null)).IsProblemAsync(404, "not-found");
        await (await boss.PostAsync("/api/admin/errors/pool.outbox/replay", null)).IsProblemAsync(503, "unavailable");
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("billing")]
    [InlineData("127.0.0.1")]
    [InlineData("%20.x")]
    public async Task Replay_OfWhatIsNoService_AsksNobody(string queue)
    {
        await (await boss.PostAsync($"/api/admin/errors/{queue}/replay", null)).IsProblemAsync(404, "not-found");
        Assert.DoesNotContain(queue, neighbours.Replayed);
    }

    [Fact]
    public async Task Errors_WhenAskedForByAMember_AreRefused()
    {
        using var member = await neighbours.SignUpAsync("member@example.org");
        await (await member.GetAsync("/api/admin/errors")).IsProblemAsync(403, "forbidden");
        await (await member.PostAsync("/api/admin/errors/billing.generation-completed/replay", null)).IsProblemAsync(403, "forbidden");
        await (await neighbours.Anonymous.GetAsync("/api/admin/errors")).IsProblemAsync(401, "unauthorized");
    }
}
