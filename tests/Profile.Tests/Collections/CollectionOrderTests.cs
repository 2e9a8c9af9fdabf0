using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Profile.Collections;

namespace Son1kVers3.Profile.Tests.Collections;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class CollectionOrderTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Editors_WhenTwoReorderFiveHundredItemsAHundredTimesAtOnce_LoseNothingAndSeeTheSame()
    {
        var (owner, editor) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var first = fixture.Client(owner.AccessToken);
        using var second = fixture.Client(editor.AccessToken);
        var collection = (Guid)(await first.CreateAsync())["id"]!;
        var path = $"/api/collections/{collection}";
        (await first.PostAsJsonAsync($"{path}/editors", new { username = editor.Username })).EnsureSuccessStatusCode();
        var items = await fixture.SeedItemsAsync(collection, owner.Id, (await fixture.SeedTracksAsync(owner.Id, 1)).Single(), 500);

        var moves = (await Task.WhenAll(ReorderAsync(first, path, items, seed: 1), ReorderAsync(second, path, items, seed: 2))).SelectMany(m => m).OrderBy(m => m.Version).ToList();

        // Every move that was answered, one after another on a plain list.
        var expected = items.ToList();
        foreach (var (item, position, _) in moves)
        {
            expected.Remove(item);
            expected.Insert(position, item);
        }

        Assert.Equal(200, moves.Select(m => m.Version).Distinct().Count());
        Assert.Equal(expected, await first.OrderAsync(path));
        Assert.Equal(expected, await second.OrderAsync(path, limit: 37));
        Assert.Equal(Enumerable.Range(0, 500), (await second.ItemsAsync(path)).Select(i => (int)i["position"]!));
    }

    [Fact]
    public async Task Move_WhenSomebodyElseMovedTheItemMeanwhile_Is412_AndOtherItemsDontMatter()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync();
        var ids = await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 3));
        var seen = (await client.GetAsync(path)).Headers.ETag!.Tag;
        var own = $"\"{(long)(await client.ItemsAsync(path))[2]["version"]!}\"";

        using var moved = await client.MoveAsync(path, ids[0], 2, seen);
        var view = await moved.JsonAsync();
        Assert.Equal((2, $"\"{view["version"]}\""), ((int)view["position"]!, moved.Headers.ETag!.Tag));
        await (await client.MoveAsync(path, ids[0], 0, seen)).IsProblemAsync(412, "changed-meanwhile");
        await (await client.MoveAsync(path, ids[0], 0, "\"9999\"")).IsProblemAsync(412, "changed-meanwhile");
        await (await client.MoveAsync(path, ids[0], 0, $"W/{moved.Headers.ETag}")).IsProblemAsync(412, "changed-meanwhile");
        await (await client.MoveAsync(path, ids[0], 0, ifMatch: null)).IsProblemAsync(428, "if-match-required");
        await (await client.MoveAsync(path, ids[0], 0, "not a tag")).IsProblemAsync(428, "if-match-required");

        Assert.Equal(HttpStatusCode.OK, (await client.MoveAsync(path, ids[1], 2, seen)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.MoveAsync(path, ids[2], 0, own)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.MoveAsync(path, ids[0], 5_000, $"\"x\", {moved.Headers.ETag}")).StatusCode);
        Assert.Equal([ids[2], ids[1], ids[0]], await client.OrderAsync(path));
    }

    [Fact]
    public async Task Move_WhenAlwaysToTheSamePlace_NeverRunsOutOfRoom()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync();
        var expected = await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 4));
        for (var n = 0; n < 50; n++)
        {
            var item = expected[^1];
            (await client.MoveAsync(path, item, 1)).EnsureSuccessStatusCode();
            expected.Remove(item);
            expected.Insert(1, item);
        }

        Assert.Equal(expected, await client.OrderAsync(path));
    }

    [Fact]
    public async Task Votes_WhenManyVoteAtOnce_OrderTheListAndCountOnceEach()
    {
        var owner = await fixture.RegisterAsync();
        using var client = fixture.Client(owner.AccessToken);
        var path = await client.PathAsync(order: "votes");
        var ids = await client.AddAllAsync(path, await fixture.SeedTracksAsync(owner.Id, 3));
        var voters = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => fixture.Client((await fixture.RegisterAsync()).AccessToken)));

        var votes = await Task.WhenAll(voters.SelectMany(v => (Task<HttpResponseMessage>[])
            [v.PutAsync($"{path}/items/{ids[2]}/vote", null), v.PutAsync($"{path}/items/{ids[2]}/vote", null)]));
        Assert.All(votes, v => Assert.Equal(HttpStatusCode.OK, v.StatusCode));
        (await voters[0].PutAsync($"{path}/items/{ids[1]}/vote", null)).EnsureSuccessStatusCode();
        Assert.Equal([ids[2], ids[1], ids[0]], await client.OrderAsync(path, limit: 1));
        Assert.Equal([5, 1, 0], (await client.ItemsAsync(path)).Select(i => (int)i["votes"]!));
        Assert.Equal([true, true, false], (await voters[0].ItemsAsync(path)).Select(i => (bool)i["voted"]!));
        await (await client.MoveAsync(path, ids[0], 0)).IsProblemAsync(409, "ordered-by-votes");

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var withdrawn = await (await voters[0].DeleteAsync($"{path}/items/{ids[2]}/vote")).JsonAsync();
            Assert.Equal((false, 4), ((bool)withdrawn["voted"]!, (int)withdrawn["votes"]!));
        }

        (await client.PatchAsJsonAsync(path, new { order = "manual" })).EnsureSuccessStatusCode();
        Assert.Equal(ids, await client.OrderAsync(path));
        await (await client.PutAsync($"{path}/items/{Guid.NewGuid()}/vote", null)).IsProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData(null, null, 0L)]
    [InlineData(5L, null, 5 + Ranks.Step)]
    [InlineData(null, 5L, 5 - Ranks.Step)]
    [InlineData(4L, 8L, 6L)]
    [InlineData(4L, 6L, 5L)]
    [InlineData(4L, 5L, null)]
    [InlineData(-5L, -4L, null)]
    public void Rank_BetweenNeighbours_IsBetweenThemOrThereIsNoRoom(long? before, long? after, long? expected) => Assert.Equal(expected, Ranks.Between(before, after));

    private static async Task<List<(Guid Item, int Position, long Version)>> ReorderAsync(HttpClient client, string path, Guid[] items, int seed)
    {
        var random = new Random(seed);
        var moves = new List<(Guid Item, int Position, long Version)>();
        var seen = (await client.GetAsync(path)).Headers.ETag!.Tag;
        while (moves.Count < 100)
        {
            using var answer = await client.MoveAsync(path, items[random.Next(items.Length)], random.Next(items.Length), seen);
            if (answer.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                seen = (await client.GetAsync(path)).Headers.ETag!.Tag;
                continue;
            }

            var item = await answer.JsonAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            moves.Add(((Guid)item["id"]!, (int)item["position"]!, (long)item["version"]!));
        }

        return moves;
    }
}
