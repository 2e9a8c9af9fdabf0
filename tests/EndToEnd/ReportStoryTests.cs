using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What should not be here: reported, taken down, appealed against, brought back, in every service that shows it.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class ReportStoryTests(Platform platform)
{
    [Fact]
    public async Task ReportedTrack_WhenHidden_IsHeardByNobodyUntilTheAppealIsGranted()
    {
        var (artist, fan, founder) = (await platform.SignUpAsync(), await platform.SignUpAsync(), await platform.Founder.Value);
        var track = await artist.PublishTrackAsync();
        using var anybody = platform.CreateClient();
        await Eventually.TrueAsync(async () => (await fan.Client.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode, "everybody sees it");

        var report = (string)(await (await fan.Client.PostAsJsonAsync("/api/reports", new { kind = "track", id = track, reason = "I made this" })).JsonAsync(HttpStatusCode.Created))["id"]!;
        var waiting = Assert.Single((await founder.GetJsonAsync($"/api/admin/reports?owner={artist.Username}"))["items"]!.AsArray())!;
        Assert.Equal((report, 1, "I made this"), ((string)waiting["id"]!, (int)waiting["count"]!, (string)waiting["reasons"]![0]!["reason"]!));
        await (await fan.Client.GetAsync("/api/admin/reports")).ProblemAsync(HttpStatusCode.Forbidden);
        await ResolveAsync(founder, report, "hide");

        await Eventually.TrueAsync(async () => (await fan.Client.GetAsync($"/api/generations/{track}/audio?format=mp3")).StatusCode == HttpStatusCode.NotFound, "generation plays it no more");
        await (await anybody.GetAsync($"/api/generations/{track}/audio?format=mp3")).ProblemAsync(HttpStatusCode.Unauthorized);
        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/wall/{track}")).StatusCode == HttpStatusCode.NotFound, "profile shows it no more");
        await Eventually.TrueAsync(async () => (await artist.Client.GetAsync($"/api/generations/{track}/audio?format=mp3")).StatusCode == HttpStatusCode.NotFound, "not even to its owner");
        Assert.Equal(["content-hidden"], await KindsAsync(artist, report));
        Assert.Equal(["report-accepted"], await KindsAsync(fan, report));
        await (await artist.Client.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "It is mine" })).JsonAsync(HttpStatusCode.Created);
        await (await artist.Client.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "It is mine" })).ProblemAsync(HttpStatusCode.Conflict, "already-appealed");
        Assert.Equal("It is mine", (string?)(await founder.GetJsonAsync($"/api/admin/reports/{report}"))["appeal"]!["text"]);
        await ResolveAsync(founder, report, "restore");

        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/generations/{track}/audio?format=mp3")).IsSuccessStatusCode, "it is played again");
        await Eventually.TrueAsync(async () => (await anybody.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode, "it is shown again");
        Assert.Equal(["content-restored", "content-hidden"], await KindsAsync(artist, report));
        // The track's own notifications don't say again what the report's said.
        Assert.DoesNotContain((await artist.GetJsonAsync("/api/notifications"))["items"]!.AsArray(), n => (string?)n!["kind"] is "track-hidden" or "track-restored");
    }

    [Fact]
    public async Task ReportedCommentAndProfile_WhenHidden_AreNotShown()
    {
        var (artist, fan, founder) = (await platform.SignUpAsync(), await platform.SignUpAsync(), await platform.Founder.Value);
        var track = await artist.PublishTrackAsync();
        await Eventually.TrueAsync(async () => (await fan.Client.GetAsync($"/api/wall/{track}")).IsSuccessStatusCode, "everybody sees it");
        var comment = (string)(await (await fan.Client.PostAsJsonAsync($"/api/wall/{track}/comments", new { text = "an insult" })).JsonAsync(HttpStatusCode.Created))["id"]!;
        await (await fan.Client.PatchAsJsonAsync("/api/profiles/me", new { bio = "rude words" })).JsonAsync();

        foreach (var (kind, id) in new[] { ("comment", comment), ("profile", fan.Id) })
            await ResolveAsync(founder, (string)(await (await artist.Client.PostAsJsonAsync("/api/reports", new { kind, id, reason = "rude" })).JsonAsync(HttpStatusCode.Created))["id"]!, "hide");

        Assert.Empty((await artist.GetJsonAsync($"/api/wall/{track}/comments"))["items"]!.AsArray());
        Assert.Null((string?)(await artist.GetJsonAsync($"/api/profiles/{fan.Username}"))["bio"]);
    }

    private static async Task ResolveAsync(Member founder, string report, string action) =>
        await (await founder.Client.PostAsJsonAsync($"/api/admin/reports/{report}/resolve", new { action, reason = "as decided" })).JsonAsync();

    private static async Task<IEnumerable<string>> KindsAsync(Member member, string report) =>
        (await member.GetJsonAsync("/api/notifications"))["items"]!.AsArray().Where(n => (string?)n!["subjectId"] == report).Select(n => (string)n!["kind"]!);
}
