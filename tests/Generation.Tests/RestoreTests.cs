using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The service with restorings that the test can hold.</summary>
public class RestoreFixture : GenerationFixture
{
    internal HeldFfmpeg Ffmpeg { get; } = new();

    protected override Task PrepareAsync(Dictionary<string, string?> settings)
    {
        settings["Studio:Ffmpeg"] = Ffmpeg.Path;
        return Task.CompletedTask;
    }

    /// <summary>A track of the client's in the archive, whose restoring is held.</summary>
    internal async Task<Guid> MakeArchivedAsync(HttpClient client)
    {
        var id = await OrderAsync(client);
        await WhenAsync(client, id, "completed");
        await ArchiveAsync(id);
        Ffmpeg.Hold(id);
        return id;
    }

    /// <summary>Reads a track's stream to its end.</summary>
    internal static async Task<List<SseEvent>> FollowAsync(HttpClient client, Guid id, Func<SseEvent, Task>? then = null)
    {
        var events = new List<SseEvent>();
        await foreach (
            var e in client.ReadEventsAsync(
            $"/api/generations/{id}/events", cancellationToken: new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token))
        {
            events.Add(e);
            if (then is not null)
                await then(e);
        }

        return events;
    }

    internal static Task<HttpResponseMessage> AskAsync(HttpClient client, Guid id) =>
        client.PostAsync($"/api/generations/{id}/restore", null);

    internal static async Task<JsonNode> ViewAsync(HttpClient client, Guid id) =>
        JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;

    internal static Task WhenRestoredAsync(HttpClient client, Guid id) =>
        Eventually.TrueAsync(async () => !(await ViewAsync(client, id))["archived"]!.GetValue<bool>(), "it is back");

    internal static int Percent(SseEvent e) => JsonNode.Parse(e.Data)!["percent"]!.GetValue<int>();
}

/// <summary>A service that leaves restoring to others.</summary>
public sealed class IdleFixture : RestoreFixture
{
    protected override int Workers => 0;
}

/// <summary>Back from the archive, on demand.</summary>
[Trait("Category", "Integration")]
public sealed class RestoreTests(RestoreFixture fixture) : IClassFixture<RestoreFixture>
{
    [Fact]
    public async Task Restore_WhenManyLookOnAtTwoReplicas_TellsAllOfThemItsProgressAndEnd()
    {
        await using var beside = await fixture.StartIdleAsync();
        var user = Guid.CreateVersion7();
        using var here = fixture.Service.Client(user);
        using var there = beside.Client(user);
        var id = await fixture.MakeArchivedAsync(here);

        var asked = await RestoreFixture.AskAsync(there, id);
        var joined = 0;
        var viewers = Enumerable.Range(0, 10).Select(n => RestoreFixture.FollowAsync(n % 2 == 0 ? here : there, id, async e =>
        {
            if (e.Kind == "snapshot")
                Interlocked.Increment(ref joined);
            else if (n < 2 && e.Kind == "restoring" && await RestoreFixture.ViewAsync(n == 0 ? here : there, id) is var view
                && view["archived"]!.GetValue<bool>())
                Assert.InRange(view["restoring"]!.GetValue<int>(), RestoreFixture.Percent(e), 99);
        })).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(joined == viewers.Count), "all look on");
        fixture.Ffmpeg.Release(id);

        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var accepted = JsonNode.Parse(await asked.Content.ReadAsStringAsync())!;
        Assert.True(accepted["archived"]!.GetValue<bool>());
        Assert.Equal(0, accepted["restoring"]!.GetValue<int>());
        foreach (var events in await Task.WhenAll(viewers))
        {
            Assert.Equal(0, JsonNode.Parse(events[0].Data)!["restoring"]!.GetValue<int>());
            Assert.Equal("restored", events[^1].Kind);
            Assert.All(events.Skip(1).SkipLast(1), e => Assert.Equal("restoring", e.Kind));
            var percents = events.Where(e => e.Kind == "restoring").Select(RestoreFixture.Percent).ToList();
            Assert.Equal(percents.Distinct().Order(), percents);
            Assert.Contains(percents, p => p is > 0 and < 99);
        }

        var restored = await RestoreFixture.ViewAsync(here, id);
        Assert.False(restored["archived"]!.GetValue<bool>());
        Assert.Null(restored["restoring"]);
        Assert.Equal(["snapshot", "completed"], (await RestoreFixture.FollowAsync(here, id)).Select(e => e.Kind));
    }

    [Fact]
    public async Task Restore_WhenAskedAtTwoReplicasAtOnce_IsDoneOnce()
    {
        await using var beside = await fixture.StartAsync(fixture.Service);
        var user = Guid.CreateVersion7();
        using var here = fixture.Service.Client(user);
        using var there = beside.Client(user);
        var id = await fixture.MakeArchivedAsync(here);

        var answers = await Task.WhenAll(RestoreFixture.AskAsync(here, id), RestoreFixture.AskAsync(there, id));
        await fixture.Ffmpeg.WhenBegunAsync(id);
        var again = await RestoreFixture.AskAsync(there, id);
        fixture.Ffmpeg.Release(id);
        await RestoreFixture.WhenRestoredAsync(here, id);

        Assert.All([.. answers, again], a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.Equal(1, fixture.Ffmpeg.Begun(id));
        Assert.Equal(1,
            await fixture.ScalarAsync<long>("SELECT count(*) FROM track_files WHERE track_id = $1 AND kind IN ('master', 'archive')", id));
    }

    [Fact]
    public async Task Audio_WhenAskedDuringARestoring_WaitsForThatOne()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await fixture.MakeArchivedAsync(client);
        await RestoreFixture.AskAsync(client, id);
        await fixture.Ffmpeg.WhenBegunAsync(id);

        var audio = ((string[])["mp3", "mp3", "flac"]).Select(format => client.GetAsync($"/api/generations/{id}/audio?format={format}"))
            .ToList();
        var viewer = RestoreFixture.FollowAsync(client, id, e =>
        {
            if (e.Kind == "snapshot")
                fixture.Ffmpeg.Release(id);
            return Task.CompletedTask;
        });

        Assert.All(await Task.WhenAll(audio), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal("restored", (await viewer)[^1].Kind);
        Assert.Equal(1, fixture.Ffmpeg.Begun(id));
    }

    [Fact]
    public async Task Audio_WhenArchived_RestoresBeforeTheEyesOfViewers()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await fixture.MakeArchivedAsync(client);

        var audio = client.GetAsync($"/api/generations/{id}/audio");
        await fixture.Ffmpeg.WhenBegunAsync(id);
        var listed = JsonNode.Parse(await client.GetStringAsync("/api/generations"))!["items"]![0]!;
        var events = await RestoreFixture.FollowAsync(client, id, e =>
        {
            if (e.Kind == "snapshot")
                fixture.Ffmpeg.Release(id);
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.OK, (await audio).StatusCode);
        Assert.Equal(0, listed["restoring"]!.GetValue<int>());
        Assert.Contains(events, e => e.Kind == "restoring");
        Assert.Equal("restored", events[^1].Kind);
        Assert.Equal(1, fixture.Ffmpeg.Begun(id));
    }

    [Fact]
    public async Task Restore_WhenItFails_IsToldAndCanBeAskedAgain()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await fixture.MakeArchivedAsync(client);
        fixture.Ffmpeg.Fail(id, true);
        await RestoreFixture.AskAsync(client, id);

        var failed = (await RestoreFixture.FollowAsync(client, id, e =>
        {
            if (e.Kind == "snapshot")
                fixture.Ffmpeg.Release(id);
            return Task.CompletedTask;
        }))[^1];
        var view = await RestoreFixture.ViewAsync(client, id);
        var audio = await client.GetAsync($"/api/generations/{id}/audio");

        Assert.Equal("restore-failed", failed.Kind);
        Assert.Equal("not-restored", (string?)JsonNode.Parse(failed.Data)!["reasonCode"]);
        Assert.True(view["archived"]!.GetValue<bool>());
        Assert.Null(view["restoring"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, audio.StatusCode);
        Assert.NotNull(audio.Headers.RetryAfter);
        fixture.Ffmpeg.Fail(id, false);
        Assert.Equal(HttpStatusCode.Accepted, (await RestoreFixture.AskAsync(client, id)).StatusCode);
        await RestoreFixture.WhenRestoredAsync(client, id);
    }

    [Fact]
    public async Task Restore_WhenTheTrackIsDeletedMeanwhile_LeavesNothing()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await fixture.MakeArchivedAsync(client);
        await RestoreFixture.AskAsync(client, id);
        await fixture.Ffmpeg.WhenBegunAsync(id);

        var events = await RestoreFixture.FollowAsync(client, id, async e =>
        {
            if (e.Kind != "snapshot")
                return;
            Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);
            fixture.Ffmpeg.Release(id);
        });

        Assert.Equal("restore-failed", events[^1].Kind);
        var folder = Path.Combine(fixture.MediaFolder, "store", "tracks", id.ToString());
        await Eventually.TrueAsync(
            () => Task.FromResult(
            !Directory.EnumerateFileSystemEntries(Path.Combine(fixture.MediaFolder, "scratch")).Any()), "the restoring is over");
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists(folder)
            || !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any()), "no file is left");
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM track_files WHERE track_id = $1", id));
    }

    [Fact]
    public async Task Format_WhenTheAccountIsDeletedWhileItIsMade_IsNotKept()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        fixture.Ffmpeg.Hold(id);
        var audio = client.GetAsync($"/api/generations/{id}/audio?format=wav");
        await Eventually.TrueAsync(() => Task.FromResult(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.MediaFolder, "scratch"))
            .Any()), "it is being made");

        await fixture.Bus.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), Sequence = 9, UserId = user });
        await Eventually.TrueAsync(
            async () => (await client.GetAsync($"/api/generations/{id}")).StatusCode == HttpStatusCode.NotFound, "the track is gone");
        fixture.Ffmpeg.Release(id);

        Assert.Equal(HttpStatusCode.NotFound, (await audio).StatusCode);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM track_files WHERE track_id = $1", id));
        var folder = Path.Combine(fixture.MediaFolder, "store", "tracks", id.ToString());
        Assert.True(!Directory.Exists(folder) || !Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Format_WhenItsTrackIsDeletedBeforeItIsRead_Is404()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        fixture.Ffmpeg.Hold(id);
        var audio = client.GetAsync($"/api/generations/{id}/audio?format=wav");
        await Eventually.TrueAsync(() => Task.FromResult(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.MediaFolder, "scratch"))
            .Any()), "it is being made");

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);
        fixture.Ffmpeg.Release(id);

        Assert.Equal(HttpStatusCode.NotFound, (await audio).StatusCode);
    }

    [Fact]
    public async Task Restore_WhenThereIsNothingToDoOrToSee_SaysSo()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        using var anonymous = fixture.Service.Client();
        var archived = await fixture.MakeArchivedAsync(client);
        var running = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, running, "rendering");

        Assert.Equal(HttpStatusCode.Unauthorized, (await RestoreFixture.AskAsync(anonymous, archived)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RestoreFixture.AskAsync(other, archived)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RestoreFixture.AskAsync(client, Guid.CreateVersion7())).StatusCode);
        var early = await RestoreFixture.AskAsync(client, running);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Contains("not-finished", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, fixture.Ffmpeg.Begun(archived));

        // What everyone may hear, everyone may have restored.
        await client.PatchAsJsonAsync($"/api/generations/{archived}", new { visibility = "public" });
        Assert.Equal(HttpStatusCode.Accepted, (await RestoreFixture.AskAsync(other, archived)).StatusCode);
        fixture.Ffmpeg.Release(archived);
        await RestoreFixture.WhenRestoredAsync(client, archived);
        var again = await RestoreFixture.AskAsync(client, archived);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.False(JsonNode.Parse(await again.Content.ReadAsStringAsync())!["archived"]!.GetValue<bool>());
        fixture.Provider.Release(running);
    }
}

/// <summary>Restoring replicas that die.</summary>
[Trait("Category", "Integration")]
public sealed class RestorerDeathTests(IdleFixture fixture) : IClassFixture<IdleFixture>
{
    [Fact]
    public async Task Restore_WhenItsReplicaIsKilled_IsFinishedByAnother()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var working = new Dictionary<string, string?>(fixture.Settings) { ["Jobs:Workers"] = "1" };
        Guid id;
        await using (await fixture.StartAsync(fixture.Service, working))
            id = await fixture.MakeArchivedAsync(client);
        using var first = fixture.StartWorker();
        Assert.Equal(HttpStatusCode.Accepted, (await RestoreFixture.AskAsync(client, id)).StatusCode);
        await fixture.Ffmpeg.WhenBegunAsync(id);
        var viewer = RestoreFixture.FollowAsync(client, id);

        first.Kill();
        await first.WaitForExitAsync();
        Assert.Equal(0, (await RestoreFixture.ViewAsync(client, id))["restoring"]!.GetValue<int>());
        await using var second = await fixture.StartAsync(fixture.Service, working);
        await fixture.Ffmpeg.WhenBegunAsync(id, times: 2);
        fixture.Ffmpeg.Release(id);

        Assert.Equal("restored", (await viewer)[^1].Kind);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
        Assert.Equal(2, fixture.Ffmpeg.Begun(id));
    }
}
