using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests.Providers;

/// <summary>Workers that die, or are told to stop, while a service elsewhere makes the track.</summary>
[Trait("Category", "Integration")]
public sealed class RemoteWorkerDeathTests(NoWorkerFixture fixture) : IClassFixture<NoWorkerFixture>, IAsyncLifetime
{
    private const string Stopping = "POST /egress/replicate/v1/predictions/p1/cancel";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private FakeEgress Egress { get; set; } = null!;

    private Dictionary<string, string?> Settings => new()
    {
        ["services:stealth:http:0"] = Egress.Address,
        ["Egress:Credential"] = FakeEgress.Credential,
        ["Providers:PollSeconds"] = "0.1",
    };

    public async Task InitializeAsync()
    {
        Egress = await FakeEgress.StartAsync();
        Egress.Ends = false;
    }

    public async Task DisposeAsync() => await Egress.DisposeAsync();

    [Fact]
    public async Task Job_WhenItsWorkerIsKilled_IsFollowedByTheNextAndPaidForOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await BeginAndKillAsync(client);

        using var second = fixture.StartWorker(more: Settings);
        try
        {
            await AttemptsAsync(id, 2);
            Egress.Ends = true;
            var done = await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
            Assert.Equal("replicate", (string?)done["provider"]);
            Assert.Equal(1, Egress.Orders);
            Assert.DoesNotContain(Egress.Requests, r => r.Call == Stopping);
            Assert.True(await fixture.ScalarAsync<bool>("SELECT checkpoint IS NULL FROM tracks WHERE id = $1", id));
        }
        finally
        {
            second.Kill();
        }
    }

    [Fact]
    public async Task Job_WhenItsWorkerIsToldToStop_IsFollowedByTheNextAndPaidForOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        Guid id;
        await using (await InProcessAsync())
            id = await BeginAsync(client);

        Egress.Ends = true;
        await using (await InProcessAsync())
        {
            var done = await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
            Assert.Equal("replicate", (string?)done["provider"]);
        }

        Assert.Equal(1, Egress.Orders);
        Assert.DoesNotContain(Egress.Requests, r => r.Call == Stopping);
    }

    [Fact]
    public async Task Job_WhenCancelledAfterItsWorkerWasKilled_IsStoppedThere()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await BeginAndKillAsync(client);
        (await client.PostAsync($"/api/generations/{id}/cancel", null)).EnsureSuccessStatusCode();

        await using var next = await InProcessAsync();

        await Eventually.TrueAsync(() => Task.FromResult(Egress.Requests.Any(r => r.Call == Stopping)), "it is stopped there", Timeout);
        await Eventually.TrueAsync(
            () => fixture.ScalarAsync<bool>("SELECT checkpoint IS NULL FROM tracks WHERE id = $1", id), "nothing of it is left", Timeout);
        Assert.Equal(1, Egress.Orders);
    }

    [Fact]
    public async Task Job_WhenCancelledWhileItsWorkerFollowsIt_IsStoppedThere()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        await using var worker = await InProcessAsync();
        var id = await BeginAsync(client);

        (await client.PostAsync($"/api/generations/{id}/cancel", null)).EnsureSuccessStatusCode();

        await Eventually.TrueAsync(() => Task.FromResult(Egress.Requests.Any(r => r.Call == Stopping)), "it is stopped there", Timeout);
        await Eventually.TrueAsync(
            () => fixture.ScalarAsync<bool>("SELECT checkpoint IS NULL FROM tracks WHERE id = $1", id), "nothing of it is left", Timeout);
    }

    /// <summary>Orders a track there and kills its worker in the middle of it.</summary>
    private async Task<Guid> BeginAndKillAsync(HttpClient client)
    {
        using var worker = fixture.StartWorker(more: Settings);
        try
        {
            return await BeginAsync(client);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync();
        }
    }

    private async Task<Guid> BeginAsync(HttpClient client)
    {
        JsonNode order = await GenerationFixture.OrderAsync(client, new { prompt = "calm piano", durationSeconds = 10, provider = "replicate" });
        var id = order["id"]!.GetValue<Guid>();
        await Eventually.TrueAsync(
            () => fixture.ScalarAsync<bool>("SELECT checkpoint IS NOT NULL FROM tracks WHERE id = $1", id), "the job is there", Timeout);
        return id;
    }

    private Task AttemptsAsync(Guid id, int count) => Eventually.TrueAsync(
        async () => await fixture.ScalarAsync<int>("SELECT attempts FROM tracks WHERE id = $1", id) == count, "it is taken up again", Timeout);

    private Task<ServiceHost<Program>> InProcessAsync() => fixture.StartAsync(
        fixture.Service, new Dictionary<string, string?>(fixture.Settings.Concat(Settings)) { ["Jobs:Workers"] = "1" });
}
