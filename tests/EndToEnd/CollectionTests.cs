using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class CollectionTests(Platform platform)
{
    [Fact]
    public async Task Collection_OfTwoMembers_IsGatheredFollowedVotedPlayedFoundAndShared()
    {
        var (owner, editor) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var tracks = await owner.MakeTracksAsync("ambient", 2);
        foreach (var track in tracks)
            await (await owner.Client.PatchAsJsonAsync($"/api/generations/{track}", new { visibility = "public" })).JsonAsync();
        await Eventually.TrueAsync(async () => await IsSeenAsync(editor, tracks[0]) && await IsSeenAsync(editor, tracks[1]), "the editor sees the tracks");

        var word = $"lluvia{Guid.NewGuid():N}"[..14];
        var collection = await (await owner.Client.PostAsJsonAsync("/api/collections", new { title = $"Noches de {word}", visibility = "public", order = "manual" })).JsonAsync(HttpStatusCode.Created);
        var path = $"/api/collections/{collection["id"]}";
        var name = (string)(await editor.GetJsonAsync("/api/auth/me"))["username"]!;
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Client.PostAsJsonAsync($"{path}/editors", new { username = name })).StatusCode);

        await using var events = owner.Client.ReadEventsAsync($"{path}/events").GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("snapshot", events.Current.Kind);
        var first = await AddAsync(owner, path, tracks[0]);
        var second = await AddAsync(editor, path, tracks[1]);
        using var move = new HttpRequestMessage(HttpMethod.Patch, $"{path}/items/{second["id"]}") { Content = JsonContent.Create(new { position = 0 }) };
        move.Headers.TryAddWithoutValidation("If-Match", $"\"{second["version"]}\"");
        Assert.Equal(0, (int)(await (await editor.Client.SendAsync(move)).JsonAsync())["position"]!);
        foreach (var kind in (string[])["item-added", "item-added", "item-moved"])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(kind, events.Current.Kind);
        }

        var page = await editor.GetJsonAsync(path);
        Assert.Equal([tracks[1], tracks[0]], page["items"]!.AsArray().Select(i => (Guid)i!["track"]!["id"]!));
        await (await editor.Client.PutAsync($"{path}/items/{first["id"]}/vote", null)).JsonAsync();
        await (await owner.Client.PatchAsJsonAsync(path, new { order = "votes" })).JsonAsync();
        Assert.Equal([tracks[0], tracks[1]], (await editor.GetJsonAsync($"{path}/items"))["items"]!.AsArray().Select(i => (Guid)i!["track"]!["id"]!));
        Assert.True((bool)(await (await editor.Client.PostAsync($"{path}/play", null)).JsonAsync())["counted"]!);
        var stats = await owner.GetJsonAsync($"{path}/stats");
        Assert.Equal((1, 1, 1), ((int)stats["plays"]!, (int)stats["votes"]!, (int)stats["listeners"]!));

        using var anonymous = platform.CreateClient();
        var found = JsonNode.Parse(await anonymous.GetStringAsync($"/api/search?type=collections&q={word}"))!;
        Assert.Equal((string)collection["id"]!, (string)found["items"]!.AsArray().Single()!["id"]!);
        Assert.Contains($"Noches de {word}", await anonymous.GetStringAsync($"/c/{collection["id"]}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync((string)page["covers"]![0]!)).StatusCode);

        await (await owner.Client.PatchAsJsonAsync($"/api/generations/{tracks[0]}", new { visibility = "private" })).JsonAsync();
        await Eventually.TrueAsync(async () => (await editor.GetJsonAsync($"{path}/items"))["items"]![0]!["track"] is null, "the private track is a placeholder", TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Client.DeleteAsync(path)).StatusCode);
        await (await editor.Client.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound);
    }

    private static async Task<JsonNode> AddAsync(Member member, string path, Guid generationId) =>
        await (await member.Client.PostAsJsonAsync($"{path}/items", new { generationId })).JsonAsync(HttpStatusCode.Created);

    private static async Task<bool> IsSeenAsync(Member member, Guid track) => (await member.Client.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode;
}
