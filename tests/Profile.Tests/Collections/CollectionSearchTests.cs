using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Profile.Tests.Collections;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class CollectionSearchTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Search_ForCollections_FindsPublicTitlesAndForEditorsTheirPrivateOnes()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var client = fixture.Client(owner.AccessToken);
        using var other = fixture.Client(editor.AccessToken);
        using var anonymous = fixture.Client();
        var word = Word();
        var id = (Guid)(await client.CreateAsync($"{word} canción", visibility: "private"))["id"]!;
        var path = $"/api/collections/{id}";
        Assert.Equal([id], await FoundAsync(client, $"q={word}"));
        Assert.Empty(await FoundAsync(other, $"q={word}"));
        (await client.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
        Assert.Equal([id], await FoundAsync(other, $"q={word}%20cancion"));
        Assert.Empty(await FoundAsync(anonymous, $"q={word}"));

        (await client.PatchAsJsonAsync(path, new { visibility = "public" })).EnsureSuccessStatusCode();
        Assert.Equal([id], await FoundAsync(anonymous, $"q={word[..^2]}"));
        Assert.Equal([id], await FoundAsync(anonymous, $"q={word}x%20cancon"));
        (await client.PatchAsJsonAsync(path, new { title = Word() })).EnsureSuccessStatusCode();
        Assert.Empty(await FoundAsync(anonymous, $"q={word}%20cancion"));
        (await client.PatchAsJsonAsync(path, new { title = $"{word} canción" })).EnsureSuccessStatusCode();
        (await client.PatchAsJsonAsync(path, new { visibility = "private" })).EnsureSuccessStatusCode();
        Assert.Empty(await FoundAsync(anonymous, $"q={word}"));
        (await client.DeleteAsync(path)).EnsureSuccessStatusCode();
        Assert.Empty(await FoundAsync(client, $"q={word}"));
    }

    [Fact]
    public async Task Search_ForCollections_CountsTheGenresOfMostOfTheirTracks()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var (word, genre) = (Word(), Word());
        var (some, none) = ((Guid)(await client.CreateAsync($"{word} uno"))["id"]!, (Guid)(await client.CreateAsync($"{word} dos"))["id"]!);
        await client.AddAllAsync($"/api/collections/{some}", [.. await fixture.SeedTracksAsync(owner.Id, 1), .. await fixture.SeedTracksAsync(owner.Id, 2, genre)]);
        await client.AddAllAsync($"/api/collections/{none}", await fixture.SeedTracksAsync(owner.Id, 1, genre, visibility: "Private"));

        var all = await SearchAsync(client, $"q={word}");
        Assert.Equal(2, all["items"]!.AsArray().Count);
        Assert.Equal([(genre, 1)], all["facets"]!["genre"]!.AsArray().Select(f => ((string)f!["value"]!, (int)f["count"]!)));
        Assert.Equal([some], await FoundAsync(client, $"q={word}&genre={genre}"));
        Assert.Equal([some], await FoundAsync(client, $"genre={genre}"));
        var page = await SearchAsync(client, $"q={word}&limit=1");
        var rest = await SearchAsync(client, $"q={word}&limit=1&cursor={page["nextCursor"]}");
        Assert.Equal(new HashSet<Guid> { some, none }, [(Guid)page["items"]![0]!["id"]!, (Guid)rest["items"]![0]!["id"]!]);
        Assert.Null((string?)rest["nextCursor"]);
    }

    [Fact]
    public async Task Share_OfACollection_ShowsItsFirstTracks_AndNothingOfAPrivateOne()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        using var anonymous = fixture.Client();
        var id = (Guid)(await client.CreateAsync("De noche"))["id"]!;
        var tracks = await fixture.SeedTracksAsync(owner.Id, 2);
        await client.AddAllAsync($"/api/collections/{id}", [.. await fixture.SeedTracksAsync(owner.Id, 1, visibility: "Private"), .. tracks]);

        var shared = await (await anonymous.GetAsync($"/internal/share/c/{id}")).JsonAsync();
        Assert.Equal(("c", "De noche", $"{owner.Username}: Track 1, Track 2", $"{ProfileFixture.PublicUrl}/c/{id}"),
            ((string)shared["kind"]!, (string)shared["title"]!, (string)shared["description"]!, (string)shared["url"]!));
        Assert.Equal($"{ProfileFixture.PublicUrl}/api/generations/{tracks[0]}/cover?size=og", (string)shared["image"]!);
        (await client.PatchAsJsonAsync($"/api/collections/{id}", new { visibility = "private" })).EnsureSuccessStatusCode();
        await (await anonymous.GetAsync($"/internal/share/c/{id}")).IsProblemAsync(404, "not-found");
        await (await anonymous.GetAsync("/internal/share/c/x")).IsProblemAsync(404, "not-found");
    }

    private static string Word() => $"w{Guid.NewGuid():N}"[..14];

    private static async Task<JsonNode> SearchAsync(HttpClient client, string query)
    {
        using var answer = await client.GetAsync($"/api/search?type=collections&{query}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private static async Task<List<Guid>> FoundAsync(HttpClient client, string query) =>
        [.. (await SearchAsync(client, query))["items"]!.AsArray().Select(i => (Guid)i!["id"]!)];
}
