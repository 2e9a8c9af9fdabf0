using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>One worker, so that the order of jobs can be seen.</summary>
public sealed class OneWorkerFixture : GenerationFixture
{
    protected override int Workers => 1;
}

/// <summary>The queue, leases, and every way a job can end.</summary>
[Trait("Category", "Integration")]
public sealed class JobTests(OneWorkerFixture fixture) : IClassFixture<OneWorkerFixture>
{
    [Theory]
    [InlineData("composing")]
    [InlineData("rendering")]
    [InlineData("mastering")]
    public async Task Cancel_WhenRunning_StopsTheWorkAtOnceAndLeavesNothing(string stage)
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var id = await GenerationFixture.OrderAsync(client, $"hold:{stage}");
        await GenerationFixture.WhenAsync(client, id, stage);

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/generations/{id}/cancel", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/generations/{id}/cancel", null)).StatusCode);

        // Well before the heartbeat would notice.
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Provider.Stopped.Contains(id)), "the work stopped", TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.IsReleased(id)), "the unit is released");
        Assert.Equal("cancelled", (await GenerationFixture.WhenAsync(client, id, "cancelled"))["status"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        await Eventually.TrueAsync(
            () => Task.FromResult(
            !Directory.EnumerateFileSystemEntries(Path.Combine(fixture.MediaFolder, "scratch")).Any()), "no scratch is left");
    }

    [Fact]
    public async Task Cancel_WhenQueued_NeverStarts()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var first = await GenerationFixture.OrderAsync(client, "hold:rendering");
        var second = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, first, "rendering");

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/generations/{second}/cancel", null)).StatusCode);
        fixture.Provider.Release(first);
        await GenerationFixture.WhenAsync(client, first, "completed");

        Assert.DoesNotContain(second, fixture.Provider.Begun);
        var late = await client.PostAsync($"/api/generations/{first}/cancel", null);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("already-finished", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WhenTheProviderRefuses_IsToldInPlainWordsAndGivenBack()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "fail:ContentRejected");

        var failed = await GenerationFixture.WhenAsync(client, id, "failed");

        Assert.Contains("refused", failed["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("content-rejected", failed["reasonCode"]!.GetValue<string>());
        Assert.DoesNotContain("secret", failed.ToJsonString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.IsReleased(id)), "the unit is released");
        var retry = await client.PostAsync($"/api/generations/{id}/retry", null);
        Assert.Equal(HttpStatusCode.Accepted, retry.StatusCode);
        Assert.NotEqual(id, JsonNode.Parse(await retry.Content.ReadAsStringAsync())!["id"]!.GetValue<Guid>());
        var done = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, done, "completed");
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/generations/{done}/retry", null)).StatusCode);
    }

    [Fact]
    public async Task Lease_WhenTakenAway_StopsTheOldAttemptAndTheJobIsMadeOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        var folder = fixture.Provider.Folders.Last();

        // What another replica sees when this one's heartbeats stop.
        await fixture.ScalarAsync<int>(
            "UPDATE tracks SET lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE id = $1", id);

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Provider.Stopped.Contains(id)), "the old attempt stopped");
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists(folder)), "its files are gone");
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Provider.Begun.Count(b => b == id) == 2), "it is taken up again", TimeSpan.FromSeconds(15));
        fixture.Provider.Release(id);
        await GenerationFixture.WhenAsync(client, id, "completed");
        // The broker may deliver one event twice, and two of different kinds in either order.
        await Eventually.PassesAsync(() =>
        {
            Assert.Single(fixture.Bus.Heard<GenerationCompleted>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
            Assert.Single(fixture.Bus.Heard<GenerationStarted>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
        });
    }

    [Fact]
    public async Task Title_WhenChangedWhileTheTrackIsMade_StandsInItsFile()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = (
            await GenerationFixture.OrderAsync(client,
            new { prompt = "hold:rendering", title = "Old name", provider = "test", durationSeconds = 10 }))["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "rendering");
        (await client.PatchAsJsonAsync($"/api/generations/{id}", new { title = "New name" })).EnsureSuccessStatusCode();
        fixture.Provider.Release(id);
        var done = await GenerationFixture.WhenAsync(client, id, "completed");

        var file = Encoding.Latin1.GetString(await client.GetByteArrayAsync($"/api/generations/{id}/audio"));

        Assert.Equal("New name", done["title"]!.GetValue<string>());
        Assert.Contains("New name", file, StringComparison.Ordinal);
        Assert.DoesNotContain("Old name", file, StringComparison.Ordinal);
        Assert.Equal(
            await fixture.ScalarAsync<decimal>("SELECT sum(bytes) FROM track_files WHERE track_id = $1",
                id), await fixture.ScalarAsync<long>("SELECT bytes FROM tracks WHERE id = $1", id));
    }

    [Fact]
    public async Task Delete_WhenTheTrackIsCompletedMeanwhile_DeletesIt()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var asSeen = await scope.ServiceProvider.GetRequiredService<GenerationDb>().Tracks.AsNoTracking().SingleAsync(t => t.Id == id);
        fixture.Provider.Release(id);
        await GenerationFixture.WhenAsync(client, id, "completed");

        await scope.ServiceProvider.GetRequiredService<TrackRemoval>().DeleteAsync(asSeen);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/generations/{id}")).StatusCode);
    }

    [Fact]
    public async Task States_WhenARequestIsTakenInWhileTheyAreAsked_DoNotMissIt()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var row = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, row, "completed");
        var id = Guid.CreateVersion7();
        await fixture.ScalarAsync<int>(
            "INSERT INTO pending_reservations (id, user_id, ids, touched_at) VALUES ($1, $1, $2, now())", id, new[] { id });
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var answer = ActivatorUtilities.CreateInstance<JobStatesAnswer>(scope.ServiceProvider);
        Task<JobStates> asked;
        await using (var connection = await fixture.Database.OpenConnectionAsync())
        await using (var taking = await connection.BeginTransactionAsync())
        {
            await using var take = new NpgsqlCommand("LOCK TABLE pending_reservations", connection, taking);
            await take.ExecuteNonQueryAsync();
            asked = answer.AnswerAsync(new AskJobStates { GenerationIds = [id] }, CancellationToken.None);
            await Eventually.TrueAsync(
                async () =>
                await fixture.ScalarAsync<long>(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'pending_reservations'::regclass") > 0, "it waits for the pending_reservations");
            await using var store = new NpgsqlBatch(connection, taking)
            {
                BatchCommands =
                {
                    new("DELETE FROM pending_reservations WHERE id = $1") { Parameters = { new() { Value = id } } },
                    new("UPDATE tracks SET id = $1 WHERE id = $2") { Parameters = { new() { Value = id }, new() { Value = row } } },
                },
            };
            await store.ExecuteNonQueryAsync();
            await taking.CommitAsync();
        }

        Assert.Equal("completed", Assert.Single((await asked).Jobs).State);
    }

    [Fact]
    public async Task Complete_WithALostToken_ChangesNothing()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<JobQueue>();

        var done = await queue.CompleteAsync(
            id, Guid.NewGuid(), new FinishedTrack("t", "t", 10, new Measurements([], [], [], new WaveformPeaks(10, [], [])), []));

        Assert.False(done);
        Assert.Equal("rendering", await fixture.ScalarAsync<string>("SELECT status FROM tracks WHERE id = $1", id));
        fixture.Provider.Release(id);
        await GenerationFixture.WhenAsync(client, id, "completed");
    }

    [Fact]
    public async Task Job_WhenItKilledThreeWorkers_IsGivenUp()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");

        await fixture.ScalarAsync<int>(
            "UPDATE tracks SET attempts = 3, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE id = $1", id);

        var failed = await GenerationFixture.WhenAsync(client, id, "failed");
        Assert.Contains("stopped several times", failed["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("interrupted", failed["reasonCode"]!.GetValue<string>());
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Billing.IsReleased(id)), "the unit is released");
    }

    [Fact]
    public async Task Queue_WhenOneUserFloodsIt_LetsAnotherUsersSingleJobThrough()
    {
        using var flood = fixture.Service.Client(Guid.CreateVersion7());
        using var single = fixture.Service.Client(Guid.CreateVersion7());
        var running = await GenerationFixture.OrderAsync(flood, "hold:composing");
        await GenerationFixture.WhenAsync(flood, running, "composing");
        var many = new List<Guid>();
        for (var i = 0; i < 10; i++)
            many.Add(await GenerationFixture.OrderAsync(flood));
        var answer = await GenerationFixture.OrderAsync(single, new { prompt = "one", provider = "test", durationSeconds = 10 });

        Assert.InRange(answer["queue"]!["position"]!.GetValue<int>(), 1, 2);
        fixture.Provider.Release(running);
        await GenerationFixture.WhenAsync(flood, many[^1], "completed");
        var order = fixture.Provider.Begun.ToList();
        Assert.True(
            order.IndexOf(answer["id"]!.GetValue<Guid>()) <= order.IndexOf(many[1]), "the single job goes before the second of the many");
    }

    [Fact]
    public async Task Queue_WhenPriorityDiffers_ServesItFirst()
    {
        using var plain = fixture.Service.Client(Guid.CreateVersion7());
        var user = Guid.CreateVersion7();
        fixture.Billing.Priorities[user] = 10;
        using var studio = fixture.Service.Client(user);
        var running = await GenerationFixture.OrderAsync(plain, "hold:composing");
        await GenerationFixture.WhenAsync(plain, running, "composing");
        var slow = await GenerationFixture.OrderAsync(plain);

        var fast = await GenerationFixture.OrderAsync(studio, new { prompt = "first", provider = "test", durationSeconds = 10 });

        Assert.Equal(1, fast["queue"]!["position"]!.GetValue<int>());
        fixture.Provider.Release(running);
        await GenerationFixture.WhenAsync(plain, slow, "completed");
        var order = fixture.Provider.Begun.ToList();
        Assert.True(order.IndexOf(fast["id"]!.GetValue<Guid>()) < order.IndexOf(slow));
    }

    [Fact]
    public async Task Replica_WhenItStops_HandsItsJobBackAtOnce()
    {
        var settings = new Dictionary<string, string?>(fixture.Settings) { ["Jobs:Workers"] = "1" };
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var blocker = await GenerationFixture.OrderAsync(client, "hold:composing");
        await GenerationFixture.WhenAsync(client, blocker, "composing");
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await using (await fixture.StartAsync(fixture.Service, settings))
            await GenerationFixture.WhenAsync(client, id, "rendering");

        await GenerationFixture.WhenAsync(client, id, "queued", TimeSpan.FromSeconds(5));
        fixture.Provider.Release(blocker);
        fixture.Provider.Release(id);
        await GenerationFixture.WhenAsync(client, id, "completed");
    }
}
