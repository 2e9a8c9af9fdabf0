using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Profile.Tests.Collections;

/// <summary>What members do with collections.</summary>
internal static class CollectionStory
{
    /// <summary>Public tracks of a member, as events leave them.</summary>
    public static async Task<Guid[]> SeedTracksAsync(this ProfileFixture fixture, Guid owner, int count, string genre = "lo-fi", string visibility = "Public")
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await fixture.ScalarAsync<object>(
            """
            INSERT INTO tracks (generation_id, owner_id, title, genre, mood, tempo, palette, peaks, features, visibility, completed_at, sequence, hidden, illegal, hidden_sequence, deleted,
                contributed, likes, likes_sequence, plays, comments)
            SELECT id, $1, 'Track ' || n, $3, 'calm', 82, '{}', '{}', '{}', $4, now(), 1, false, false, 0, false, false, 0, 0, 0, 0 FROM unnest($2) WITH ORDINALITY AS made(id, n)
            """,
            owner, ids, genre, visibility);
        return ids;
    }

    /// <summary>Many items at once, as requests would leave them; in their order.</summary>
    public static async Task<Guid[]> SeedItemsAsync(this ProfileFixture fixture, Guid collection, Guid by, Guid track, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await fixture.ScalarAsync<object>(
            """
            WITH made AS (INSERT INTO collection_items (id, collection_id, generation_id, added_by, added_at, rank, votes, version)
                SELECT id, $1, $3, $2, now(), n * 1048576, 0, 1 FROM unnest($4) WITH ORDINALITY AS made(id, n))
            UPDATE collections SET item_count = $5 WHERE id = $1
            """,
            collection, by, track, ids, count);
        return ids;
    }

    public static async Task<JsonNode> CreateAsync(this HttpClient client, string title = "Canciones de lluvia", string visibility = "public", string order = "manual")
    {
        using var made = await client.PostAsJsonAsync("/api/collections", new { title, visibility, order });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return await made.JsonAsync();
    }

    /// <summary>The path of a new collection.</summary>
    public static async Task<string> PathAsync(this HttpClient client, string visibility = "public", string order = "manual") =>
        $"/api/collections/{(Guid)(await client.CreateAsync(visibility: visibility, order: order))["id"]!}";

    public static Task<HttpResponseMessage> AddAsync(this HttpClient client, string path, Guid generationId) => client.PostAsJsonAsync($"{path}/items", new { generationId });

    /// <summary>The new items' ids.</summary>
    public static async Task<List<Guid>> AddAllAsync(this HttpClient client, string path, IEnumerable<Guid> tracks)
    {
        var ids = new List<Guid>();
        foreach (var track in tracks)
            ids.Add((Guid)(await (await client.AddAsync(path, track)).JsonAsync())["id"]!);
        return ids;
    }

    public static Task<HttpResponseMessage> MoveAsync(this HttpClient client, string path, Guid item, int position, string? ifMatch = "*")
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"{path}/items/{item}") { Content = JsonContent.Create(new { position }) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request);
    }

    /// <summary>All items, page by page.</summary>
    public static async Task<List<JsonNode>> ItemsAsync(this HttpClient client, string path, int limit = 100)
    {
        var items = new List<JsonNode>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await client.GetAsync($"{path}/items?limit={limit}&cursor={cursor}")).JsonAsync();
            items.AddRange(page["items"]!.AsArray().Select(i => i!));
            cursor = (string?)page["nextCursor"];
        }

        return items;
    }

    public static async Task<List<Guid>> OrderAsync(this HttpClient client, string path, int limit = 100) => [.. (await client.ItemsAsync(path, limit)).Select(i => (Guid)i["id"]!)];
}
