using System.Net;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>A replica that takes orders and makes nothing itself: workers are processes of their own.</summary>
public sealed class NoWorkerFixture : GenerationFixture
{
    protected override int Workers => 0;
}

/// <summary>Workers that die.</summary>
[Trait("Category", "Integration")]
public sealed class WorkerDeathTests(NoWorkerFixture fixture) : IClassFixture<NoWorkerFixture>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Job_WhenItsWorkerIsKilled_IsMadeByAnotherOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var first = fixture.StartWorker();
        var id = (await GenerationFixture.OrderAsync(client, new { prompt = "rock", durationSeconds = 20 }))["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "rendering", Timeout);

        first.Kill();
        using var second = fixture.StartWorker();
        try
        {
            await Eventually.TrueAsync(async () => await fixture.ScalarAsync<int>("SELECT attempts FROM tracks WHERE id = $1", id) == 2,
                "it is taken up again", TimeSpan.FromSeconds(60));
            await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
            await OnceAsync([id]);
            var folders = Directory.GetDirectories(Path.Combine(fixture.MediaFolder, "store", "tracks", id.ToString()));
            Assert.Contains(folders, f => File.Exists(Path.Combine(f, "master.flac")));
        }
        finally
        {
            second.Kill();
        }
    }

    [Fact]
    public async Task Jobs_WhenThirtyRunOverTwoReplicasAndOneIsKilled_AreThirtyTracks()
    {
        var users = Enumerable.Range(0, 6).Select(_ => fixture.Service.Client(Guid.CreateVersion7())).ToList();
        using var first = fixture.StartWorker(slots: 2, tones: true);
        // Half of the one that dies hangs in this job, the other half shares the rest with the one that stays.
        var ids = new List<Guid> { await GenerationFixture.OrderAsync(users[0], "hang:once") };
        await GenerationFixture.WhenAsync(users[0], ids[0], "rendering", Timeout);
        using var second = fixture.StartWorker(tones: true);
        try
        {
            for (var i = 1; i < 30; i++)
                ids.Add(await GenerationFixture.OrderAsync(users[i % users.Count], $"tone {i}"));
            await Eventually.TrueAsync(() => AllAsync(ids, "completed", atLeast: 5), "some are made", Timeout);

            first.Kill();

            await Eventually.TrueAsync(() => AllAsync(ids, "completed", atLeast: 30), "all are made", Timeout);
            Assert.Equal(2, await fixture.ScalarAsync<int>("SELECT attempts FROM tracks WHERE id = $1", ids[0]));
            await OnceAsync(ids);
        }
        finally
        {
            second.Kill();
            users.ForEach(u => u.Dispose());
        }
    }

    [Fact]
    public async Task Worker_WhenItOnlyRenders_StepsBackWithAllItsThreadsAndPrograms()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var worker = fixture.StartWorker();
        try
        {
            var id = (await GenerationFixture.OrderAsync(client, new { prompt = "rock", durationSeconds = 20 }))["id"]!.GetValue<Guid>();
            await GenerationFixture.WhenAsync(client, id, "rendering", Timeout);

            var threads = Directory.GetDirectories($"/proc/{worker.Id}/task");
            Assert.All(threads, thread => Assert.Equal(10, NicenessOf(thread)));
            await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
        }
        finally
        {
            worker.Kill();
        }
    }

    [Fact]
    public async Task Order_WhenNoWorkerLivesForLong_IsNotAccepted()
    {
        await fixture.ScalarAsync<int>("DELETE FROM workers");
        // Longer than the two seconds between a worker's signs of life: a shorter one would miss a living worker, time and again.
        await using var late = await fixture.StartAsync(
            fixture.Service, new Dictionary<string, string?>(fixture.Settings) { ["Jobs:Absence"] = "00:00:06" });
        using var there = late.Client(Guid.CreateVersion7());

        var refused = await Eventually.GetAsync(
            async () =>
            {
                var answer = await there.PostAsync("/api/generations", new StringContent("""{"prompt":"a"}""", System.Text.Encoding.UTF8, "application/json"));
                return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? answer : null;
            },
            "nothing is accepted that nobody would make");

        Assert.Contains("No worker is running", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("degraded", await there.GetStringAsync("/health"), StringComparison.Ordinal);
        using var worker = fixture.StartWorker(tones: true);
        try
        {
            await Eventually.TrueAsync(async () => !(await there.GetStringAsync("/health")).Contains("No worker", StringComparison.Ordinal),
                "a worker was heard of");
        }
        finally
        {
            worker.Kill();
        }
    }

    /// <summary>The nineteenth field of <c>stat</c>, behind the name in parentheses.</summary>
    private static int NicenessOf(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<bool> AllAsync(List<Guid> ids, string status, int atLeast) =>
        await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE id = ANY($1) AND status = $2", ids.ToArray(), status) >= atLeast;

    private async Task OnceAsync(IReadOnlyList<Guid> ids)
    {
        // What a killed process had begun to publish is taken up by another once its claim runs out, possibly after what came later.
        await Eventually.TrueAsync(
            () => Task.FromResult(ids.All(id => fixture.Bus.Heard<GenerationCompleted>().Any(e => e.GenerationId == id)
                && fixture.Bus.Heard<GenerationStarted>().Any(e => e.GenerationId == id))),
            "all are announced",
            TimeSpan.FromMinutes(2));
        foreach (var id in ids)
        {
            // A redelivery has the same event id: different ids would be two announcements.
            Assert.Single(fixture.Bus.Heard<GenerationCompleted>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
            Assert.Single(fixture.Bus.Heard<GenerationStarted>().Where(e => e.GenerationId == id).Select(e => e.EventId).Distinct());
        }

        Assert.DoesNotContain(ids, fixture.Billing.IsReleased);
    }
}
