using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Son1kVers3.Generation.Tests;

/// <summary>
/// A family: original, remix, and what was made of the remix. The test's provider makes the tones; who is whose child is written
/// afterwards.
/// </summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class LineageTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Lineage_OfAGrandchild_IsToldFromTheOriginalDown()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var family = await FamilyAsync(client, 4);

        var lineage = await LineageAsync(client, family[2]);

        Assert.Equal(family[..2], Ids(lineage["ancestors"]));
        Assert.Equal(family[3..], Ids(lineage["derivatives"]!["items"]));
    }

    [Fact]
    public async Task Lineage_WhenOneInBetweenIsDeletedOrPrivate_LeavesItOut()
    {
        using var owner = fixture.Service.Client(Guid.CreateVersion7());
        using var stranger = fixture.Service.Client(Guid.CreateVersion7());
        var family = await FamilyAsync(owner, 4);
        foreach (var id in (Guid[])[family[0], family[3]])
            (await owner.PatchAsJsonAsync($"/api/generations/{id}", new { visibility = "public" })).EnsureSuccessStatusCode();
        (await owner.PatchAsJsonAsync($"/api/generations/{family[2]}", new { visibility = "unlisted" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/generations/{family[1]}")).StatusCode);

        Assert.Equal([family[0]], Ids((await LineageAsync(stranger, family[3]))["ancestors"]));
        Assert.Equal([family[0], family[2]], Ids((await LineageAsync(owner, family[3]))["ancestors"]));
        Assert.Equal([family[3]], Ids((await LineageAsync(stranger, family[2]))["derivatives"]!["items"]));
    }

    [Fact]
    public async Task Derivatives_WhenTheyAreMany_ComeInPagesNewestFirst()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var parent = (await FamilyAsync(client, 1))[0];
        var children = new List<Guid>();
        for (var i = 0; i < 3; i++)
            children.Add(await ChildAsync(client, parent));

        var first = await LineageAsync(client, parent, "?limit=2");
        var second = await LineageAsync(client, parent, $"?limit=2&cursor={first["derivatives"]!["nextCursor"]}");

        Assert.Equal([children[2], children[1]], Ids(first["derivatives"]!["items"]));
        Assert.Equal([children[0]], Ids(second["derivatives"]!["items"]));
        Assert.Null(second["derivatives"]!["nextCursor"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/generations/{parent}/lineage?cursor=nonsense")).StatusCode);
    }

    private async Task<List<Guid>> FamilyAsync(HttpClient client, int generations)
    {
        var family = new List<Guid>();
        for (var i = 0; i < generations; i++)
            family.Add(await ChildAsync(client, i == 0 ? null : family[^1]));
        return family;
    }

    private async Task<Guid> ChildAsync(HttpClient client, Guid? parent)
    {
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        if (parent is not null)
            await fixture.ScalarAsync<int>("UPDATE tracks SET parent_id = $2, kind = 'remix' WHERE id = $1", id, parent);
        return id;
    }

    private static async Task<JsonNode> LineageAsync(HttpClient client, Guid id, string query = "") =>
        JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}/lineage{query}"))!;

    private static IEnumerable<Guid> Ids(JsonNode? tracks) => tracks!.AsArray().Select(track => track!["id"]!.GetValue<Guid>());
}
