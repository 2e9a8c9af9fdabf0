using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>A track among people: wall, feed, likes, comments, and what its artist is told.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class CommunityStoryTests(Platform platform)
{
    [Fact]
    public async Task PublicTrack_IsInTheFollowersFeed_IsLikedAndCommented_AndItsArtistIsToldLive()
    {
        var (artist, fan) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await fan.Client.PostAsync($"/api/profiles/{artist.Username}/follow", null)).StatusCode);
        Assert.Equal(fan.Username, (string?)Assert.Single(await artist.Client.ListAsync($"/api/profiles/{artist.Username}/followers"))["username"]);
        Assert.Equal(artist.Username, (string?)Assert.Single(await fan.Client.ListAsync($"/api/profiles/{fan.Username}/following"))["username"]);
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var stream = artist.Client.ReadEventsAsync("/api/notifications/stream", null, over.Token).GetAsyncEnumerator(over.Token);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("snapshot", stream.Current.Kind);

        var track = await MakePublicTrackAsync(artist);
        await Eventually.TrueAsync(async () => (await fan.Client.ListAsync("/api/feed")).Any(card => (Guid)card["id"]! == track), "the feed has it");
        // Likes are the pool's, which learns of the track beside the wall: whoever is quicker than its event finds no track yet.
        await Eventually.TrueAsync(async () => (await fan.Client.PostAsync($"/api/wall/{track}/like", null)).IsSuccessStatusCode, "the track is liked");
        await Eventually.TrueAsync(async () => (await fan.Client.ListAsync("/api/likes")).Any(card => (Guid)card["id"]! == track && (bool)card["liked"]!), "the like is listed");
        await IsToldAsync(stream, "track-liked");

        var comment = await (await fan.Client.PostAsJsonAsync($"/api/wall/{track}/comments", new { text = "¡qué bonito! 🎸" })).JsonAsync(HttpStatusCode.Created);
        await IsToldAsync(stream, "track-commented");
        (await fan.Client.PatchAsJsonAsync($"/api/wall/comments/{comment["id"]}", new { text = "precioso" })).EnsureSuccessStatusCode();
        Assert.Equal("precioso", (string?)Assert.Single(await artist.Client.ListAsync($"/api/wall/{track}/comments"))["text"]);
        Assert.Equal(HttpStatusCode.NoContent, (await artist.Client.DeleteAsync($"/api/wall/comments/{comment["id"]}")).StatusCode);

        Assert.True((int)(await artist.GetJsonAsync("/api/notifications/unread"))["unread"]! >= 3);
        Assert.Equal(0, (int)(await (await artist.Client.PostAsJsonAsync("/api/notifications/read", new { })).JsonAsync())["unread"]!);
        Assert.Equal(HttpStatusCode.OK, (await fan.Client.DeleteAsync($"/api/wall/{track}/like")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await fan.Client.DeleteAsync($"/api/profiles/{artist.Username}/follow")).StatusCode);
        Assert.Empty(await fan.Client.ListAsync("/api/feed"));
    }

    [Fact]
    public async Task Wall_IsArrangedByItsOwner_AndWhatIsArchivedIsSeenByNobodyElse()
    {
        var (artist, visitor) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var track = await MakePublicTrackAsync(artist);
        await (await visitor.Client.PatchAsJsonAsync($"/api/wall/{track}", new { pinned = true })).ProblemAsync(HttpStatusCode.NotFound);
        var card = await (await artist.Client.PatchAsJsonAsync($"/api/wall/{track}", new { description = "made at night", pinned = true })).JsonAsync();
        Assert.Equal(("made at night", true), ((string?)card["description"], (bool)card["pinned"]!));
        Assert.Equal("made at night", (string?)(await visitor.GetJsonAsync($"/api/wall/{track}"))["description"]);
        foreach (var (view, count) in (IEnumerable<(string, int)>)[("all", 1), ("music", 1), ("projects", 0), ("collabs", 0), ("archived", 0)])
            Assert.Equal(count, (await visitor.Client.ListAsync($"/api/profiles/{artist.Username}/wall?view={view}")).Count);

        (await artist.Client.PatchAsJsonAsync("/api/wall", new { ids = new[] { track }, archived = true })).EnsureSuccessStatusCode();
        Assert.Empty(await visitor.Client.ListAsync($"/api/profiles/{artist.Username}/wall"));
        Assert.Single(await artist.Client.ListAsync($"/api/profiles/{artist.Username}/wall?view=archived"));
    }

    [Fact]
    public async Task Profile_ShowsWhatItsMemberWrites_WithAPicture_AndIsFound()
    {
        var (member, visitor) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var track = await MakePublicTrackAsync(member);
        (await member.Client.PatchAsJsonAsync("/api/profiles/me", new { displayName = "Zaragoza Nights", bio = "lo-fi at night" })).EnsureSuccessStatusCode();
        var picture = new ByteArrayContent(await member.Client.GetByteArrayAsync($"/api/generations/{track}/cover?size=320&format=png"));
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var address = (string)(await (await member.Client.PutAsync("/api/profiles/me/avatar", new MultipartFormDataContent { { picture, "avatar", "me.png" } })).JsonAsync())["avatarUrl"]!;

        var profile = await visitor.GetJsonAsync($"/api/profiles/{member.Username}");
        Assert.Equal(("Zaragoza Nights", address, "FREE"), ((string?)profile["displayName"], (string?)profile["avatarUrl"], (string?)profile["tier"]));
        Assert.Contains(profile["badges"]!.AsArray(), badge => (string?)badge!["badge"] == "first-track");
        Assert.Equal("image/webp", (await visitor.Client.GetAsync(address)).Content.Headers.ContentType?.MediaType);
        await Eventually.TrueAsync(
            async () => (await visitor.Client.ListAsync("/api/search?type=people&q=zaragosa")).Any(found => found.ToJsonString().Contains(member.Username, StringComparison.Ordinal)),
            "who misspells the name finds the member");
        Assert.Equal(HttpStatusCode.NoContent, (await member.Client.DeleteAsync("/api/profiles/me/avatar")).StatusCode);
    }

    private static async Task<Guid> MakePublicTrackAsync(Member artist)
    {
        var generation = await artist.GenerateAsync(new { prompt = "soft bossa nova in A minor, 120 bpm", durationSeconds = 10, seed = 7, visibility = "public" }).AcceptedAsync();
        Assert.Equal("completed", (string?)(await artist.EndedAsync(generation))["status"]);
        var track = (Guid)generation["id"]!;
        await Eventually.TrueAsync(async () => (await artist.Client.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode, "it is on the wall");
        return track;
    }

    private static async Task IsToldAsync(IAsyncEnumerator<SseEvent> stream, string kind)
    {
        do
            Assert.True(await stream.MoveNextAsync());
        while ((string?)JsonNode.Parse(stream.Current.Data)?["kind"] != kind);
    }
}
