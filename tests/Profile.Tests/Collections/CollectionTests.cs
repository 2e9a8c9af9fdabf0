using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests.Collections;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class CollectionTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Collection_WhenMadeChangedAndDeleted_IsAsItsOwnerSays()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        using var made = await client.PostAsJsonAsync("/api/collections", new { title = "  Lluvia 🎸 " });
        var collection = await made.JsonAsync();
        var path = $"/api/collections/{collection["id"]}";
        Assert.Equal((HttpStatusCode.Created, path), (made.StatusCode, made.Headers.Location!.ToString()));
        Assert.Equal(("Lluvia 🎸", "private", "manual", owner.Username), ((string)collection["title"]!, (string)collection["visibility"]!, (string)collection["order"]!, (string)collection["owner"]!["username"]!));

        var changed = await (await client.PatchAsJsonAsync(path, new { visibility = "public" })).JsonAsync();
        Assert.Equal(("Lluvia 🎸", "public"), ((string)changed["title"]!, (string)changed["visibility"]!));
        using var anonymous = fixture.Client();
        using var seen = await anonymous.GetAsync(path);
        var view = await seen.JsonAsync();
        Assert.Equal(($"\"{changed["version"]}\"", null, false, 0), (seen.Headers.ETag!.Tag, (bool?)view["mine"], (bool)view["canEdit"]!, view["items"]!.AsArray().Count));

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(path)).StatusCode);
        await (await client.GetAsync(path)).IsProblemAsync(404, "not-found");
        await (await client.DeleteAsync(path)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task List_WhenAsked_HasOnesOwnAndSharedOnesNewestFirstAndOfOthersThePublicOnes()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        using var anonymous = fixture.Client();
        var (open, secret, shared) = (await client.CreateAsync(), await LaterAsync(client, "private"), await LaterAsync(client, "private"));
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync($"/api/collections/{shared["id"]}/editors", new { username = editor.Username })).StatusCode);
        var own = await LaterAsync(other, "public");

        Assert.Equal(Ids(shared, secret, open), await IdsAsync(client, "limit=2"));
        Assert.Equal(Ids(own, shared), await IdsAsync(other, "limit=1"));
        Assert.Equal(Ids(shared, open), await IdsAsync(other, $"owner={owner.Username}"));
        Assert.Equal(Ids(open), await IdsAsync(anonymous, $"owner={owner.Username.ToUpperInvariant()}"));
        await (await anonymous.GetAsync("/api/collections")).IsProblemAsync(401, "unauthorized");
        await (await anonymous.GetAsync("/api/collections?owner=no-such-member")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Collection_WhenItIsAnothers_IsSeenAndChangedByWhomItsOwnerLets()
    {
        var (owner, editor, stranger) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        using var third = fixture.Client(stranger.AccessToken);
        var path = await client.PathAsync("private");
        var item = (await client.AddAllAsync(path, [track])).Single();
        foreach (var answer in await CallsAsync(third, path, item))
            await answer.IsProblemAsync(404, "not-found");

        (await client.PatchAsJsonAsync(path, new { visibility = "public" })).EnsureSuccessStatusCode();
        foreach (var answer in (await CallsAsync(third, path, item)).Where(a => a.RequestMessage!.Method != HttpMethod.Get))
            await answer.IsProblemAsync(403, "not-yours");

        (await client.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
        var told = (await (await other.GetAsync("/api/notifications")).JsonAsync())["items"]!.AsArray().Single(n => (string)n!["kind"]! == "collection-shared")!;
        Assert.Equal((path, owner.Username), ($"/api/collections/{told["subjectId"]}", (string)told["actors"]![0]!["username"]!));
        Assert.Equal(HttpStatusCode.Created, (await other.AddAsync(path, track)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.MoveAsync(path, item, 1)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await other.DeleteAsync($"{path}/items/{item}")).StatusCode);
        await (await other.PatchAsJsonAsync(path, new { title = "mine" })).IsProblemAsync(403, "not-yours");
        await (await other.DeleteAsync(path)).IsProblemAsync(403, "not-yours");
        await (await other.PostAsJsonAsync($"{path}/editors", new { username = stranger.Username })).IsProblemAsync(403, "not-yours");
        Assert.Equal(editor.Username, (string)(await (await third.GetAsync($"{path}/editors")).JsonAsync())["items"]!.AsArray().Single()!["username"]!);

        Assert.Equal(HttpStatusCode.NoContent, (await other.DeleteAsync($"{path}/editors/{editor.Username}")).StatusCode);
        await (await other.AddAsync(path, track)).IsProblemAsync(403, "not-yours");
        using var anonymous = fixture.Client();
        foreach (var answer in (await CallsAsync(anonymous, path, item)).Where(a => a.RequestMessage!.Method != HttpMethod.Get))
            await answer.IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Editor_WhoLeavesAPrivateCollectionAgain_HearsTheSame()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        var path = await client.PathAsync("private");
        (await client.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();

        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await other.DeleteAsync($"{path}/editors/{editor.Username}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await other.DeleteAsync($"/api/collections/{Guid.NewGuid()}/editors/{editor.Username}")).StatusCode);
        await (await other.GetAsync(path)).IsProblemAsync(404, "not-found");
        await (await other.DeleteAsync($"{path}/editors/{owner.Username}")).IsProblemAsync(404, "not-found");
        Assert.Empty((await (await client.GetAsync($"{path}/editors")).JsonAsync())["items"]!.AsArray());
    }

    [Fact]
    public async Task Track_WhenItTurnsPrivateOrIsHiddenOrDeleted_IsAPlaceholderToOthersUntilItIsBack()
    {
        var (artist, curator) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var tracks = await fixture.SeedTracksAsync(artist.Id, 3);
        using var client = fixture.Client(curator.AccessToken);
        using var own = fixture.Client(artist.AccessToken);
        var path = await client.PathAsync();
        await client.AddAllAsync(path, tracks);
        Assert.Equal([true, true, true], await ShownAsync(client, path));

        await fixture.Bus.PublishAsync(Updated(artist.Id, tracks[0], Visibility.Private, 5));
        await fixture.Bus.PublishAsync(new TrackHidden { EventId = Guid.CreateVersion7(), GenerationId = tracks[1], UserId = artist.Id, Reason = "stolen", Sequence = 9, OccurredAt = fixture.Clock.GetUtcNow() });
        await fixture.Bus.PublishAsync(new GenerationDeleted { EventId = Guid.CreateVersion7(), GenerationId = tracks[2], UserId = artist.Id, Bytes = 1, Sequence = 9, OccurredAt = fixture.Clock.GetUtcNow() });
        await Eventually.TrueAsync(async () => (await ShownAsync(client, path)).SequenceEqual([false, false, false]), "all are out of sight");
        Assert.Equal([true, false, false], await ShownAsync(own, path));
        Assert.DoesNotContain(tracks[0].ToString(), (await client.ItemsAsync(path))[0].ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await (await client.GetAsync(path)).JsonAsync())["covers"]!.AsArray());
        await (await client.AddAsync(path, tracks[0])).IsProblemAsync(404, "not-found");

        await fixture.Bus.PublishAsync(Updated(artist.Id, tracks[0], Visibility.Unlisted, 6));
        await fixture.Bus.PublishAsync(new TrackRestored { EventId = Guid.CreateVersion7(), GenerationId = tracks[1], UserId = artist.Id, Sequence = 10, OccurredAt = fixture.Clock.GetUtcNow() });
        await Eventually.TrueAsync(async () => (await ShownAsync(client, path)).SequenceEqual([true, true, false]), "two are back");
        var card = (await client.ItemsAsync(path))[0]["track"]!;
        Assert.Equal((tracks[0], artist.Username, $"/api/generations/{tracks[0]}/audio", false), ((Guid)card["id"]!, (string)card["artist"]!["username"]!, (string)card["audio"]!, (bool)card["mine"]!));
    }

    [Fact]
    public async Task Add_WhenSentAgainUnderItsKey_AddsOnce_AndWithoutItTheTrackTwice()
    {
        var owner = await fixture.RegisterAsync();
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync();
        client.DefaultRequestHeaders.Add("Idempotency-Key", "the-key");
        var added = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.AddAsync(path, track)));
        Assert.All(added, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));
        client.DefaultRequestHeaders.Remove("Idempotency-Key");
        Assert.Equal(1, (int)(await (await client.GetAsync(path)).JsonAsync())["itemCount"]!);

        using var twice = await client.AddAsync(path, track);
        var item = await twice.JsonAsync();
        Assert.Equal((1, $"\"{item["version"]}\"", $"{path}/items/{item["id"]}"), ((int)item["position"]!, twice.Headers.ETag!.Tag, twice.Headers.Location!.ToString()));
        Assert.Equal(2, (await client.OrderAsync(path)).Distinct().Count());
    }

    [Fact]
    public async Task Add_WhenMoreComeAtOnceThanThereAreConnections_AddsThemAll()
    {
        // Twice as many as the pool of a test's database has: one that needed a second connection while it holds the collection would wait for ever.
        const int Many = 40;
        var owner = await fixture.RegisterAsync();
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => client.AddAsync(path, track)));

        Assert.All(added, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Equal(Enumerable.Range(0, Many), (await client.ItemsAsync(path)).Select(i => (int)i["position"]!));
    }

    [Fact]
    public async Task Limits_WhenReached_AreToldPlainly()
    {
        var owner = await fixture.RegisterAsync();
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        using var client = fixture.Client(owner.AccessToken);
        var collection = (Guid)(await client.CreateAsync())["id"]!;
        var path = $"/api/collections/{collection}";
        await fixture.SeedItemsAsync(collection, owner.Id, track, 999);
        await fixture.ScalarAsync<object>("INSERT INTO collection_editors SELECT $1, gen_random_uuid(), now() FROM generate_series(1, 19)", collection);
        await fixture.ScalarAsync<object>(
            "INSERT INTO collections (id, owner_id, title, visibility, ordering, item_count, plays, version, created_at, updated_at) SELECT gen_random_uuid(), $1, 't', 'Private', 'Manual', 0, 0, 1, now(), now() FROM generate_series(1, 198)",
            owner.Id);
        var (first, second) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());

        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.PostAsJsonAsync("/api/collections", new { title = "one more" })));
        var added = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.AddAsync(path, track)));
        Assert.Single(made, m => m.StatusCode == HttpStatusCode.Created);
        Assert.Single(added, a => a.StatusCode == HttpStatusCode.Created);
        await made.First(m => m.StatusCode != HttpStatusCode.Created).IsProblemAsync(409, "too-many-collections");
        await added.First(a => a.StatusCode != HttpStatusCode.Created).IsProblemAsync(409, "collection-full");
        foreach (var _ in Enumerable.Range(0, 2))
            Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync($"{path}/editors", new { username = first.Username })).StatusCode);
        await (await client.PostAsJsonAsync($"{path}/editors", new { username = second.Username })).IsProblemAsync(409, "too-many-editors");
        await (await client.PostAsJsonAsync($"{path}/editors", new { username = owner.Username })).IsProblemAsync(409, "own-collection");
        await (await client.PostAsJsonAsync($"{path}/editors", new { username = "no-such-member" })).IsProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("POST", "", """{"title":" "}""", "title")]
    [InlineData("POST", "", """{"title":"a\u0000b"}""", "title")]
    [InlineData("POST", "", """{"title":"a\ud83cb"}""", "title")]
    [InlineData("POST", "", """{"title":"a\nb"}""", "title")]
    [InlineData("POST", "", """{"title":"a","visibility":"unlisted"}""", "visibility")]
    [InlineData("POST", "", """{"title":"a","order":1}""", "order")]
    [InlineData("PATCH", "/{id}", """{"title":""}""", "title")]
    [InlineData("POST", "/{id}/items", """{}""", "generationId")]
    [InlineData("POST", "/{id}/items", """{"generationId":"x"}""", "generationId")]
    [InlineData("POST", "/{id}/editors", """{"username":""}""", "username")]
    [InlineData("PATCH", "/{id}/items/{item}", """{}""", "position")]
    [InlineData("PATCH", "/{id}/items/{item}", """{"position":-1}""", "position")]
    [InlineData("PATCH", "/{id}/items/{item}", """{"position":99999999999}""", "position")]
    public async Task Change_WhenAFieldIsUnfit_TellsWhich(string method, string path, string body, string field)
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var collection = (Guid)(await client.CreateAsync())["id"]!;
        var item = (await client.AddAllAsync($"/api/collections/{collection}", await fixture.SeedTracksAsync(owner.Id, 1))).Single();
        var request = new HttpRequestMessage(new HttpMethod(method), $"/api/collections{path.Replace("{id}", $"{collection}").Replace("{item}", $"{item}")}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var problem = await (await client.SendAsync(request)).IsProblemAsync(400, "validation");
        Assert.Equal([field], problem["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task Items_BegunWithTheCollection_GoOnAtItsItems_AndAtNoOthers()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var (collection, other) = ((Guid)(await client.CreateAsync())["id"]!, (Guid)(await client.CreateAsync())["id"]!);
        var items = await client.AddAllAsync($"/api/collections/{collection}", await fixture.SeedTracksAsync(owner.Id, 2));

        var page = await (await client.GetAsync($"/api/collections/{collection}?limit=1")).JsonAsync();
        var rest = await (await client.GetAsync($"/api/collections/{collection}/items?limit=1&cursor={page["nextCursor"]}")).JsonAsync();

        Assert.Equal(items, Ids([.. page["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(i => i!)]));
        await (await client.GetAsync($"/api/collections/{other}/items?cursor={page["nextCursor"]}")).IsProblemAsync(400, "validation");
    }

    [Theory]
    [InlineData("/api/collections/not-an-id", 404)]
    [InlineData("/api/collections/019ab4e2-0000-7000-8000-000000000000", 404)]
    [InlineData("/api/collections?cursor=x", 400)]
    [InlineData("/api/collections?limit=101", 400)]
    [InlineData("/api/collections?owner=a%0Ab", 404)]
    [InlineData("/api/collections?owner=a%00b", 400)]
    [InlineData("/api/collections?owner=%F0%9F%8E%B8%ED%A0%BC", 404)]
    public async Task Get_WhenItCantBeAsked_IsAClientError(string address, int status)
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        Assert.Equal(status, (int)(await client.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Member_WhoLeaves_TakesCollectionsAndVotesAlong_AndLeavesWhatTheyAddedWithoutAName()
    {
        var (owner, leaver) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = (await fixture.SeedTracksAsync(owner.Id, 1)).Single();
        using var client = fixture.Client(owner.AccessToken);
        using var leaving = fixture.Client(leaver.AccessToken);
        var (path, gone) = (await client.PathAsync(), await leaving.PathAsync());
        (await client.PostAsJsonAsync($"{path}/editors", new { username = leaver.Username })).EnsureSuccessStatusCode();
        var item = (await leaving.AddAllAsync(path, [track])).Single();
        await leaving.AddAllAsync(gone, [track]);
        (await leaving.PutAsync($"{path}/items/{item}/vote", null)).EnsureSuccessStatusCode();
        (await client.PutAsync($"{path}/items/{item}/vote", null)).EnsureSuccessStatusCode();

        var export = (Guid)(await (await leaving.PostAsync("/api/auth/export", null)).JsonAsync())["id"]!;
        var part = await Eventually.GetAsync(() => Task.FromResult(fixture.Bus.Heard<ExportPart>().FirstOrDefault(p => p.ExportId == export)), "profile's part is there");
        var kinds = JsonNode.Parse(part.Json)!.AsArray().Select(i => (string)i!["kind"]!).ToList();
        Assert.Superset(new HashSet<string> { "collection", "collection-editor", "collection-item", "collection-vote" }, kinds.ToHashSet());

        using var left = await leaving.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = ProfileFixture.Password }) });
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        await Eventually.TrueAsync(async () => (await client.GetAsync(gone)).StatusCode == HttpStatusCode.NotFound, "their collection is gone");
        await Eventually.PassesAsync(async () =>
        {
            var seen = (await client.ItemsAsync(path)).Single();
            Assert.Equal(("deleted", 1), ((string)seen["addedBy"]!["username"]!, (int)seen["votes"]!));
            Assert.Empty((await (await client.GetAsync(path)).JsonAsync())["editors"]!.AsArray());
        });
    }

    /// <summary>Ids of the same millisecond have no order.</summary>
    private Task<JsonNode> LaterAsync(HttpClient client, string visibility)
    {
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return client.CreateAsync(visibility: visibility);
    }

    private static async Task<List<HttpResponseMessage>> CallsAsync(HttpClient client, string path, Guid item) =>
    [
        await client.GetAsync(path), await client.GetAsync($"{path}/items"), await client.GetAsync($"{path}/editors"), await client.PatchAsJsonAsync(path, new { title = "x" }),
        await client.DeleteAsync(path), await client.AddAsync(path, Guid.NewGuid()), await client.MoveAsync(path, item, 0), await client.DeleteAsync($"{path}/items/{item}"),
        await client.PostAsJsonAsync($"{path}/editors", new { username = "nobody" }),
    ];

    private static IEnumerable<Guid> Ids(params JsonNode[] collections) => collections.Select(c => (Guid)c["id"]!);

    private static async Task<List<Guid>> IdsAsync(HttpClient client, string query)
    {
        var ids = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await client.GetAsync($"/api/collections?{query}&cursor={cursor}")).JsonAsync();
            ids.AddRange(page["items"]!.AsArray().Select(c => (Guid)c!["id"]!));
            cursor = (string?)page["nextCursor"];
        }

        return ids;
    }

    private static async Task<IEnumerable<bool>> ShownAsync(HttpClient client, string path) => (await client.ItemsAsync(path)).Select(i => i["track"] is not null);

    private GenerationUpdated Updated(Guid owner, Guid track, Visibility visibility, long sequence) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = fixture.Clock.GetUtcNow(),
        Sequence = sequence,
        GenerationId = track,
        UserId = owner,
        Title = "Track",
        Visibility = visibility,
        Bytes = 1,
    };
}
