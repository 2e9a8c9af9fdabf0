using System.Net;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>All jobs of a member in one stream.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class MemberStreamTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Stream_OfAMember_TellsEveryStepOfEveryJobInOrder()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var running = await GenerationFixture.OrderAsync(client, "hold:rendering");
        await GenerationFixture.WhenAsync(client, running, "rendering");
        var (events, second) = (new List<SseEvent>(), Guid.Empty);

        await foreach (var e in client.ReadEventsAsync("/api/generations/events", cancellationToken: Soon()))
        {
            events.Add(e);
            if (e.Kind == "snapshot")
            {
                Assert.Equal([running], JsonNode.Parse(e.Data)!["items"]!.AsArray().Select(i => i!["id"]!.GetValue<Guid>()));
                await GenerationFixture.OrderAsync(other);
                second = await GenerationFixture.OrderAsync(client);
                fixture.Provider.Release(running);
            }

            if (events.Count(step => step.Kind == "completed") == 2)
                break;
        }

        var stored = events.Where(e => !string.IsNullOrEmpty(e.Id)).ToList();
        var ids = stored.Select(e => long.Parse(e.Id!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(n => ids[0] + n), ids);
        Assert.Equal(["queued", "composing", "composing", "rendering", "mastering", "completed"],
            stored.Where(e => IdOf(e) == second).Select(e => e.Kind));
        Assert.Equal(["mastering", "completed"], stored.Where(e => IdOf(e) == running).Select(e => e.Kind));
        Assert.All(stored, e => Assert.Contains(IdOf(e), (Guid[])[running, second]));
    }

    [Fact]
    public async Task Stream_WhenResumed_TellsWhatWasMissedOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var first = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, first, "completed");
        var all = await ReadAsync(client, "0", 6);

        var rest = await ReadAsync(client, all[3].Id, 2);

        Assert.Equal(["queued", "composing", "composing", "rendering", "mastering", "completed"], all.Select(e => e.Kind));
        Assert.Equal(all.Skip(4).Select(e => e.Id), rest.Select(e => e.Id));
        using var bad = new HttpRequestMessage(HttpMethod.Get, "/api/generations/events");
        bad.Headers.Add("Last-Event-ID", "x");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(bad)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Service.Client().GetAsync("/api/generations/events")).StatusCode);
    }

    [Fact]
    public async Task Positions_WhenManyJobsOfOneMemberMoveAtOnce_HaveNoGaps()
    {
        var user = Guid.CreateVersion7();
        using var client = fixture.Service.Client(user);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => GenerationFixture.OrderAsync(client)));
        foreach (var id in made)
            await GenerationFixture.WhenAsync(client, id, "completed");

        Assert.Equal(48, await fixture.ScalarAsync<long>("SELECT max(position) FROM track_events WHERE user_id = $1", user));
        Assert.Equal(48, await fixture.ScalarAsync<long>("SELECT count(DISTINCT position) FROM track_events WHERE user_id = $1", user));
    }

    private static async Task<List<SseEvent>> ReadAsync(HttpClient client, string? after, int count)
    {
        var events = new List<SseEvent>();
        await foreach (var e in client.ReadEventsAsync("/api/generations/events", after, Soon()))
        {
            if (e.Kind != "snapshot")
                events.Add(e);
            if (events.Count == count)
                break;
        }

        return events;
    }

    private static Guid IdOf(SseEvent e) => JsonNode.Parse(e.Data)!["generationId"]!.GetValue<Guid>();

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
}
