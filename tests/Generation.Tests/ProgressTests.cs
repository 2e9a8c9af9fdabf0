using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>Live progress.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class ProgressTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Stream_WhenFollowedFromTheStart_TellsEveryStepAndEnds()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        var events = new List<SseEvent>();

        await foreach (var e in client.ReadEventsAsync($"/api/generations/{id}/events", cancellationToken: Soon()))
        {
            events.Add(e);
            if (e.Kind == "rendering")
                fixture.Provider.Release(id);
        }

        Assert.Equal("snapshot", events[0].Kind);
        Assert.Equal(id, JsonNode.Parse(events[0].Data)!["id"]!.GetValue<Guid>());
        Assert.Equal("completed", events[^1].Kind);
        var ids = events.Where(e => !string.IsNullOrEmpty(e.Id) && e.Kind != "snapshot")
            .Select(e => long.Parse(e.Id!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public async Task Stream_WhenResumed_ReplaysWhatWasMissed()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");

        var all = await ReadAsync(client, id, "1");
        var rest = await ReadAsync(client, id, all[^2].Id);

        Assert.Equal("snapshot", all[0].Kind);
        Assert.Equal(["composing", "composing", "rendering", "mastering", "completed"], all.Skip(1).Select(e => e.Kind));
        Assert.Equal(["snapshot", "completed"], rest.Select(e => e.Kind));
        Assert.Equal(["snapshot", "completed"], (await ReadAsync(client, id, null)).Select(e => e.Kind));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(client, id, "x")).StatusCode);
    }

    [Fact]
    public async Task Stream_WhenManyLookOnAtTwoReplicas_ReachesAllOfThem()
    {
        await using var beside = await fixture.StartIdleAsync();
        var user = Guid.CreateVersion7();
        using var here = fixture.Service.Client(user);
        using var there = beside.Client(user);
        var id = await GenerationFixture.OrderAsync(here, "hold:rendering");
        var viewers = Enumerable.Range(0, 20).Select(n => ReadAsync(n % 2 == 0 ? here : there, id, null)).ToList();
        await GenerationFixture.WhenAsync(here, id, "rendering");

        fixture.Provider.Release(id);

        foreach (var events in await Task.WhenAll(viewers))
            Assert.Equal("completed", events[^1].Kind);
    }

    [Fact]
    public async Task Stream_WhenTheJobIsCancelled_EndsWithIt()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:composing");
        var viewer = ReadAsync(client, id, null);
        await GenerationFixture.WhenAsync(client, id, "composing");

        await client.PostAsync($"/api/generations/{id}/cancel", null);

        Assert.Equal("cancelled", (await viewer)[^1].Kind);
    }

    [Fact]
    public async Task Stream_WhenTheJobIsDeleted_EndsWithIt()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        var events = new List<SseEvent>();

        await foreach (var e in client.ReadEventsAsync($"/api/generations/{id}/events", cancellationToken: Soon()))
        {
            // As a removed account leaves it: the steps are gone before anybody could read the last one.
            if (events.Count == 0)
            {
                await fixture.ScalarAsync<int>(
                    "UPDATE tracks SET status = 'cancelled', deleted_at = now(), lease_token = NULL WHERE id = $1", id);
                await fixture.ScalarAsync<int>("DELETE FROM track_events WHERE track_id = $1", id);
                fixture.Service.Services.GetRequiredService<ProgressBus>()
                    .Stored(new Track { Id = id, Request = new TrackRequest { Prompt = "" }, Title = "" });
            }

            events.Add(e);
        }

        Assert.Equal("cancelled", events[^1].Kind);
    }

    [Fact]
    public async Task Stream_WhenResumedBehindTheEnd_EndsAtOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        var last = (await ReadAsync(client, id, null))[^1].Id;

        Assert.Equal(["snapshot"], (await ReadAsync(client, id, last)).Select(e => e.Kind));
        Assert.Equal(["snapshot"], (await ReadAsync(client, id, "999999")).Select(e => e.Kind));
    }

    [Fact]
    public async Task Stream_WhenResumedWithAnIdThatIsStillToCome_MissesNothing()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        var events = new List<SseEvent>();

        await foreach (var e in client.ReadEventsAsync($"/api/generations/{id}/events", "999999", Soon()))
        {
            events.Add(e);
            fixture.Provider.Release(id);
        }

        Assert.Equal(["mastering", "completed"], events.Where(e => !string.IsNullOrEmpty(e.Id)).Select(e => e.Kind));
    }

    [Fact]
    public async Task Stream_WhileNothingHappens_SaysSoEveryFifteenSeconds()
    {
        var clock = new MovableClock(speed: 10);
        await using var beside = await fixture.StartIdleAsync(clock);
        var user = Guid.CreateVersion7();
        using var client = beside.Client(user);
        var id = await GenerationFixture.OrderAsync(fixture.Service.Client(user), "hold:rendering");
        await GenerationFixture.WhenAsync(client, id, "rendering");
        using var answer = await client.GetAsync($"/api/generations/{id}/events", HttpCompletionOption.ResponseHeadersRead, Soon());
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        var (comments, quietSince) = (0, clock.GetTimestamp());
        while (comments < 3)
        {
            var line = await lines.ReadLineAsync(Soon());
            if (line!.StartsWith(':'))
                comments++;
            else if (line.Length > 0)
                (comments, quietSince) = (0, clock.GetTimestamp());
        }

        // Three quarters of a minute, and what a busy machine adds or takes.
        Assert.InRange(clock.GetElapsedTime(quietSince).TotalSeconds, 35, 120);
        fixture.Provider.Release(id);
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static async Task<List<SseEvent>> ReadAsync(HttpClient client, Guid id, string? after)
    {
        var events = new List<SseEvent>();
        await foreach (var e in client.ReadEventsAsync($"/api/generations/{id}/events", after, Soon()))
            events.Add(e);
        return events;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id, string after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/generations/{id}/events");
        request.Headers.Add("Last-Event-ID", after);
        return await client.SendAsync(request);
    }
}
