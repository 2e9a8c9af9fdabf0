using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests.Collections;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class CollectionEventTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Stream_WhenEditorsChangeTheCollection_TellsEachChangeToEveryReplica()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        await using var replica = await ServiceHost<Program>.StartAsync("profile", Replica, fixture.Clock, fixture.Profile);
        using var elsewhere = new HttpClient { BaseAddress = replica.Address };
        elsewhere.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        var path = await client.PathAsync();
        var ids = await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 2));
        using var over = new CancellationTokenSource();
        var (here, there) = (Listen(client, $"{path}/events", null, over.Token), Listen(elsewhere, $"{path}/events", null, over.Token));
        foreach (var stream in (ChannelReader<SseEvent>[])[here, there])
        {
            var snapshot = Data(await NextAsync(stream, "snapshot"));
            Assert.Equal(ids, snapshot["items"]!.AsArray().Select(i => (Guid)i!["id"]!));
            Assert.Equal(2, (int)snapshot["collection"]!["itemCount"]!);
        }

        var added = (await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 1))).Single();
        (await client.MoveAsync(path, added, 0)).EnsureSuccessStatusCode();
        (await client.PutAsync($"{path}/items/{ids[1]}/vote", null)).EnsureSuccessStatusCode();
        (await client.DeleteAsync($"{path}/items/{ids[0]}")).EnsureSuccessStatusCode();
        (await client.PatchAsJsonAsync(path, new { title = "Otra" })).EnsureSuccessStatusCode();
        (await client.PatchAsJsonAsync(path, new { order = "votes" })).EnsureSuccessStatusCode();
        foreach (var stream in (ChannelReader<SseEvent>[])[here, there])
        {
            var kinds = new List<string>();
            while (kinds.LastOrDefault() != "snapshot")
                kinds.Add((await stream.ReadAsync()).Kind);
            Assert.Equal(["item-added", "item-moved", "item-voted", "item-removed", "updated", "snapshot"], kinds);
        }

        (await client.DeleteAsync(path)).EnsureSuccessStatusCode();
        await Task.WhenAll(NextAsync(here, "gone"), NextAsync(there, "gone"));
        await Task.WhenAll(here.Completion, there.Completion);
    }

    [Fact]
    public async Task Stream_WhenItBreaks_GoesOnWithWhatWasMissed()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync();
        var ids = await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 2));
        using var first = new CancellationTokenSource();
        var stream = Listen(client, $"{path}/events", null, first.Token);
        await NextAsync(stream, "snapshot");
        (await client.MoveAsync(path, ids[1], 0)).EnsureSuccessStatusCode();
        var last = await NextAsync(stream, "item-moved");
        await first.CancelAsync();

        (await client.PutAsync($"{path}/items/{ids[0]}/vote", null)).EnsureSuccessStatusCode();
        (await client.DeleteAsync($"{path}/items/{ids[1]}")).EnsureSuccessStatusCode();
        using var second = new CancellationTokenSource();
        stream = Listen(client, $"{path}/events", last.Id, second.Token);
        Assert.Equal([ids[0]], Data(await NextAsync(stream, "snapshot"))["items"]!.AsArray().Select(i => (Guid)i!["id"]!));
        var voted = await NextAsync(stream, "item-voted");
        Assert.Equal((ids[0], 1, true), ((Guid)Data(voted)["id"]!, (int)Data(voted)["votes"]!, (bool)Data(voted)["voted"]!));
        var removed = await NextAsync(stream, "item-removed");
        Assert.Equal(ids[1], (Guid)Data(removed)["id"]!);
        Assert.Equal([1L, 2L], [long.Parse(voted.Id!) - long.Parse(last.Id!), long.Parse(removed.Id!) - long.Parse(last.Id!)]);
        await second.CancelAsync();
        using var unfit = new HttpRequestMessage(HttpMethod.Get, $"{path}/events");
        unfit.Headers.Add("Last-Event-ID", "x");
        await (await client.SendAsync(unfit)).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Stream_WhenATrackTurnsPrivateAndTheCollectionToo_TellsViewersWhatTheyMaySee()
    {
        var (owner, viewer) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(viewer.AccessToken);
        var path = await client.PathAsync();
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        var item = (await client.AddAllAsync(path, [track])).Single();
        using var over = new CancellationTokenSource();
        var stream = Listen(other, $"{path}/events", null, over.Token);
        Assert.Equal(track, (Guid)Data(await NextAsync(stream, "snapshot"))["items"]![0]!["generationId"]!);

        await fixture.ScalarAsync<object>("UPDATE tracks SET visibility = 'Private' WHERE generation_id = $1", track);
        var changed = await NextAsync(stream, "item-changed");
        Assert.Equal((item, true), ((Guid)Data(changed)["id"]!, Data(changed)["track"] is null));
        Assert.Null(changed.Id);
        await fixture.ScalarAsync<object>("UPDATE tracks SET visibility = 'Public' WHERE generation_id = $1", track);
        Assert.Equal(track, (Guid)Data(await NextAsync(stream, "item-changed"))["track"]!["id"]!);
        (await client.PatchAsJsonAsync(path, new { visibility = "private" })).EnsureSuccessStatusCode();
        await NextAsync(stream, "gone");
        await (await other.GetAsync($"{path}/events")).IsProblemAsync(404, "not-found");
        using var anonymous = fixture.Client();
        await (await anonymous.GetAsync($"{path}/events")).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Plays_WhenTold_CountOnceAMemberAndHalfAnHour_AndTheOwnerSeesThem()
    {
        var (owner, editor, listener) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        using var third = fixture.Client(listener.AccessToken);
        using var anonymous = fixture.Client();
        var path = await client.PathAsync();
        (await client.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
        var tracks = await fixture.SeedTracksAsync(owner.Id, 3);
        var ids = await client.AddAllAsync(path, tracks[..1]);
        ids.AddRange(await other.AddAllAsync(path, tracks[1..]));
        (await third.PutAsync($"{path}/items/{ids[2]}/vote", null)).EnsureSuccessStatusCode();
        (await other.PutAsync($"{path}/items/{ids[2]}/vote", null)).EnsureSuccessStatusCode();

        var plays = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PlayAsync(third, path)));
        Assert.Single(plays, p => (bool)p["counted"]!);
        Assert.True((bool)(await PlayAsync(other, path))["counted"]!);
        var uncounted = await PlayAsync(anonymous, path);
        Assert.Equal((false, 2L), ((bool)uncounted["counted"]!, (long)uncounted["plays"]!));

        await (await other.GetAsync($"{path}/stats")).IsProblemAsync(403, "not-yours");
        await (await anonymous.GetAsync($"{path}/stats")).IsProblemAsync(401, "unauthorized");
        var stats = await (await client.GetAsync($"{path}/stats")).JsonAsync();
        Assert.Equal((2L, 2, 2, 2), ((long)stats["plays"]!, (int)stats["listeners"]!, (int)stats["votes"]!, (int)stats["voters"]!));
        Assert.Equal((30, 2, $"{fixture.Clock.GetUtcNow():yyyy-MM-dd}"), (stats["days"]!.AsArray().Count, (int)stats["days"]![29]!["plays"]!, (string)stats["days"]![29]!["day"]!));
        Assert.Equal([(editor.Username, 2), (owner.Username, 1)], stats["contributors"]!.AsArray().Select(c => ((string)c!["member"]!["username"]!, (int)c["items"]!)));
        Assert.Equal([ids[2]], stats["favourites"]!.AsArray().Select(i => (Guid)i!["id"]!));
    }

    private static Dictionary<string, string?> Replica => new()
    {
        ["PUBLIC_URL"] = ProfileFixture.PublicUrl,
        ["Media:SigningKey"] = Convert.ToBase64String(new byte[32]),
        ["Passwords:Iterations"] = "1000",
    };

    private static JsonNode Data(SseEvent e) => JsonNode.Parse(e.Data)!;

    private static async Task<JsonNode> PlayAsync(HttpClient client, string path) => await (await client.PostAsync($"{path}/play", null)).JsonAsync();

    /// <summary>The next event of a kind; what comes between is passed over.</summary>
    private static async Task<SseEvent> NextAsync(ChannelReader<SseEvent> stream, string kind)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (await stream.ReadAsync(timeout.Token) is var next && next.Kind == kind)
                return next;
        }
    }

    /// <summary>Reads a stream in the background.</summary>
    private static ChannelReader<SseEvent> Listen(HttpClient client, string path, string? after, CancellationToken cancellationToken)
    {
        var heard = Channel.CreateUnbounded<SseEvent>();
        _ = ReadAsync();
        return heard.Reader;

        async Task ReadAsync()
        {
            try
            {
                await foreach (var e in client.ReadEventsAsync(path, after, cancellationToken))
                    heard.Writer.TryWrite(e);
                heard.Writer.Complete();
            }
            catch (Exception e)
            {
                heard.Writer.Complete(e);
            }
        }
    }
}
