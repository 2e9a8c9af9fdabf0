using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class AnalyticsTests(Platform platform)
{
    // Days are counted once a minute.
    private static readonly TimeSpan Counted = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task WhatMembersDo_IsInTheOperatorsFigures()
    {
        var (founder, artist, listener) = (await platform.Founder.Value, await platform.SignUpAsync(), await platform.SignUpAsync());
        var track = await artist.GenerateAsync(new { prompt = "a short piece", title = "Lluvia", durationSeconds = 10, visibility = "public" }).AcceptedAsync();
        await artist.EndedAsync(track);
        await Eventually.TrueAsync(
            async () => (await listener.Client.PostAsync($"/api/community/pool/{track["id"]}/play", null)).IsSuccessStatusCode, "the play is counted");
        var measured = await listener.Client.PostAsJsonAsync("/api/analytics/events", new[] { new { name = "player-used", properties = new { action = "finish", seconds = 10 } } });
        Assert.Equal(HttpStatusCode.NoContent, measured.StatusCode);

        await Eventually.TrueAsync(
            async () => Names(await founder.GetJsonAsync("/api/admin/analytics")).IsSupersetOf(["signed-up", "generated", "played", "player-used"]), "all of it is counted", Counted);
        var report = await founder.GetJsonAsync("/api/admin/analytics");
        Assert.Equal(["signed-up", "generated", "played", "claimed", "upgraded"], report["funnel"]!.AsArray().Select(step => (string)step!["step"]!));
        Assert.True((int)report["funnel"]![0]!["members"]! >= 2);
        Assert.NotEmpty(report["cohorts"]!.AsArray());
        await (await artist.Client.GetAsync("/api/admin/analytics")).ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static HashSet<string> Names(JsonNode report) => [.. report["days"]!.AsArray().SelectMany(day => day!["figures"]!.AsArray()).Select(figure => (string)figure!["name"]!)];
}
