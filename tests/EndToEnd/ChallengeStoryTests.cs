using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>A weekly theme as members and operators meet it; how it closes is told on a movable clock, in profile's own tests.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class ChallengeStoryTests(Platform platform)
{
    [Fact]
    public async Task Theme_WhenOpen_TakesOneEntryAndOneVoteAMember_AndLosesWhatTurnsPrivate()
    {
        var (artist, fan, founder) = (await platform.SignUpAsync(), await platform.SignUpAsync(), await platform.Founder.Value);
        var (track, other) = (await artist.PublishTrackAsync(), await fan.PublishTrackAsync());
        var id = (string)(await (await founder.Client.PostAsJsonAsync("/api/admin/challenges", new { title = "Rain", description = "What rain sounds like." })).JsonAsync(HttpStatusCode.Created))["id"]!;
        using var anybody = platform.CreateClient();
        await Eventually.TrueAsync(async () => (string?)(await fan.GetJsonAsync($"/api/challenges/{id}"))["status"] == "open", "it opens");
        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode && (await anybody.GetAsync($"/api/wall/{other}")).IsSuccessStatusCode, "everybody sees the tracks");

        var entry = (string)(await (await EnterAsync(artist, id, track)).JsonAsync(HttpStatusCode.Created))["id"]!;
        await (await EnterAsync(artist, id, track)).ProblemAsync(HttpStatusCode.Conflict, "already-entered");
        await (await EnterAsync(fan, id, track)).ProblemAsync(HttpStatusCode.Forbidden, "not-yours");
        var mine = (string)(await (await EnterAsync(fan, id, other)).JsonAsync(HttpStatusCode.Created))["id"]!;
        await (await VoteAsync(fan, id, mine)).ProblemAsync(HttpStatusCode.Forbidden, "own-entry");
        Assert.Equal(entry, (string?)(await (await VoteAsync(fan, id, entry)).JsonAsync())["myVote"]);
        var entries = (await fan.GetJsonAsync($"/api/challenges/{id}/entries"))["items"]!.AsArray();
        Assert.Equal([mine, entry], entries.Select(e => (string)e!["id"]!));
        Assert.All(entries, e => Assert.Null(e!["votes"]));
        Assert.Equal(artist.Username, (string?)entries[1]!["track"]!["artist"]!["username"]);
        Assert.Contains((await fan.GetJsonAsync("/api/challenges?status=open"))["items"]!.AsArray(), c => (string)c!["id"]! == id);
        await (await artist.Client.PatchAsJsonAsync($"/api/generations/{track}", new { visibility = "private" })).JsonAsync();

        await Eventually.TrueAsync(async () => (int?)(await fan.GetJsonAsync($"/api/challenges/{id}"))["entries"] == 1, "the private one is withdrawn");
        Assert.Null((string?)(await fan.GetJsonAsync($"/api/challenges/{id}"))["myVote"]);
        await (await fan.Client.PostAsJsonAsync($"/api/admin/challenges/{id}/cancel", new { reason = "no" })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await founder.Client.PatchAsJsonAsync($"/api/admin/challenges/{id}", new { title = "Snow" })).ProblemAsync(HttpStatusCode.Conflict, "challenge-started");
        await (await founder.Client.PostAsJsonAsync($"/api/admin/challenges/{id}/cancel", new { reason = "It snows" })).JsonAsync();
        await Eventually.TrueAsync(
            async () => (await fan.GetJsonAsync("/api/notifications"))["items"]!.AsArray().Any(n => (string?)n!["kind"] == "challenge-cancelled" && (string?)n["subjectId"] == id), "who takes part is told");
        Assert.Contains((await founder.GetJsonAsync("/api/admin/challenges?status=cancelled"))["items"]!.AsArray(), c => (string)c!["id"]! == id);
    }

    private static Task<HttpResponseMessage> EnterAsync(Member member, string challenge, string generationId) =>
        member.Client.PostAsJsonAsync($"/api/challenges/{challenge}/entries", new { generationId });

    private static Task<HttpResponseMessage> VoteAsync(Member member, string challenge, string entryId) =>
        member.Client.PutAsJsonAsync($"/api/challenges/{challenge}/vote", new { entryId });
}
