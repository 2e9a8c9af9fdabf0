using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>The pool's story to its end: what paying members share is what FREE members live on.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class PoolStoryTests(Platform platform)
{
    private const string Genre = "tango";

    [Fact]
    public async Task ProMember_WhoMakesTwentyTracks_SharesOne_WhichAFreeMemberClaimsAndPlays()
    {
        var (artist, fan) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        await artist.SubscribeAsync("PRO");
        var made = await artist.MakeTracksAsync(Genre, 20);

        await Eventually.TrueAsync(async () => await ShareAsync(artist) == (20, 1, 0, 20), $"one of twenty is contributed; it stands at {await ShareAsync(artist)}");
        var shared = Assert.Single(await PooledAsync())!;
        var track = (Guid)shared["generationId"]!;
        Assert.Contains(track, made);
        Assert.Equal(artist.Username, (string?)shared["artist"]!["username"]);
        await (await artist.Client.DeleteAsync($"/api/generations/{track}")).ProblemAsync(HttpStatusCode.Conflict, "owed-to-pool");

        var claimed = await (await fan.ClaimAsync(Genre)).JsonAsync(HttpStatusCode.Created);

        Assert.Equal((track, 2), ((Guid)claimed["generationId"]!, (int)claimed["claimsRemaining"]!));
        Assert.Empty(await PooledAsync());
        await PlaysAsync((string)claimed["audio"]!);
        await Eventually.TrueAsync(async () => await PointsAsync(artist) == 1, "the ranking shows the points");
        await Eventually.TrueAsync(async () => await IsOnWallAsync(fan, track, artist), "the claimer's wall shows it under the artist's name");
        await Eventually.TrueAsync(async () => await IsToldAsync(artist, track, fan), "the artist is told");
        await (await artist.Client.DeleteAsync($"/api/generations/{track}")).ProblemAsync(HttpStatusCode.Conflict, "claimed");
    }

    private static async Task<(int Completed, int Contributed, int Owed, int NextIn)> ShareAsync(Member member)
    {
        var me = await member.GetJsonAsync("/api/community/me");
        return ((int)me["completedPaid"]!, (int)me["contributed"]!, (int)me["owed"]!, (int)me["nextIn"]!);
    }

    private async Task<JsonArray> PooledAsync()
    {
        using var anybody = platform.CreateClient();
        return (await (await anybody.GetAsync($"/api/community/pool?genre={Genre}")).JsonAsync())["items"]!.AsArray();
    }

    /// <summary>By its plain address, without sign-in, and from the middle as a player does.</summary>
    private async Task PlaysAsync(string address)
    {
        using var anybody = platform.CreateClient();
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(1000, 1999) } };
        var part = await Eventually.GetAsync(
            async () => await anybody.GetAsync(address) is { IsSuccessStatusCode: true } whole ? whole : null, "it can be heard by everybody");
        var ranged = await anybody.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.Equal((await part.Content.ReadAsByteArrayAsync())[1000..2000], await ranged.Content.ReadAsByteArrayAsync());
    }

    private static async Task<int?> PointsAsync(Member member) => (int?)(await member.GetJsonAsync("/api/community/ranking?timeframe=week"))["me"]?["points"];

    private static async Task<bool> IsOnWallAsync(Member claimer, Guid track, Member artist) =>
        (await claimer.GetJsonAsync($"/api/profiles/{claimer.Username}/wall?view=collabs"))["items"]!.AsArray()
        .Any(card => (Guid)card!["id"]! == track && (string?)card["artist"]!["username"] == artist.Username && (bool)card["claimed"]!);

    private static async Task<bool> IsToldAsync(Member artist, Guid track, Member claimer) =>
        (await artist.GetJsonAsync("/api/notifications"))["items"]!.AsArray()
        .Any(n => (string?)n!["kind"] == "track-claimed" && (Guid?)n["subjectId"] == track
            && n["actors"]!.AsArray().Any(actor => (string?)actor!["username"] == claimer.Username));
}
