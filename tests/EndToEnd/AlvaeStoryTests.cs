using System.Net;
using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>The badge from its grant to its end, and what comes with it.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class AlvaeStoryTests(Platform platform)
{
    [Fact]
    public async Task Tester_WhenGranted_GeneratesWithoutLimit_SpeaksAndVotes_UntilItIsRevoked()
    {
        var (founder, member) = (await platform.Founder.Value, await platform.SignUpAsync());
        await (await member.Client.PostAsJsonAsync("/api/alvae/grants", new { username = member.Username, level = "TESTER" })).ProblemAsync(HttpStatusCode.Forbidden, "founder-only");
        await (await member.Client.GetAsync("/api/alvae/channel")).ProblemAsync(HttpStatusCode.Forbidden, "alvae-only");

        var grant = await (await founder.Client.PostAsJsonAsync("/api/alvae/grants", new { username = member.Username, level = "TESTER", note = "hears well" })).JsonAsync(HttpStatusCode.Created);
        await (await founder.Client.PostAsJsonAsync("/api/alvae/grants", new { username = member.Username, level = "EARLY_ADOPTER" })).ProblemAsync(HttpStatusCode.Conflict, "already-alvae");
        Assert.Equal((string?)grant["alvaeId"], (string?)(await member.GetJsonAsync("/api/alvae/me"))["alvaeId"]);
        Assert.Contains(await member.Client.ListAsync("/api/alvae/members"), m => (string?)m["username"] == member.Username);
        Assert.Equal("#00FFE7", (string?)(await member.GetJsonAsync($"/api/profiles/{member.Username}"))["alvae"]!["border"]);
        await IsLimitedAsync(member, null);

        (await member.Client.PostAsJsonAsync("/api/alvae/channel", new { text = "hello all" })).EnsureSuccessStatusCode();
        Assert.Contains(await founder.Client.ListAsync("/api/alvae/channel"), m => (string?)m["text"] == "hello all");
        var proposal = (Guid)(await (await member.Client.PostAsJsonAsync("/api/alvae/proposals", new { title = "dark mode", text = "please" })).JsonAsync(HttpStatusCode.Created))["id"]!;
        (await member.Client.PutAsJsonAsync($"/api/alvae/proposals/{proposal}/vote", new { inFavour = true })).EnsureSuccessStatusCode();
        await (await member.Client.PutAsJsonAsync($"/api/alvae/proposals/{proposal}/veto", new { reason = "no" })).ProblemAsync(HttpStatusCode.Forbidden, "founder-only");
        (await founder.Client.PutAsJsonAsync($"/api/alvae/proposals/{proposal}/veto", new { reason = "later" })).EnsureSuccessStatusCode();
        Assert.Contains(await member.Client.ListAsync("/api/alvae/proposals"), p => (Guid?)p["id"] == proposal && (string?)p["status"] == "vetoed");

        Assert.Equal(HttpStatusCode.NoContent, (await founder.Client.DeleteAsync($"/api/alvae/grants/{grant["alvaeId"]}")).StatusCode);
        await (await founder.Client.DeleteAsync("/api/alvae/grants/ALVAE-001")).ProblemAsync(HttpStatusCode.Conflict, "founder-stays");
        await IsLimitedAsync(member, 3);
    }

    [Fact]
    public async Task RevenueShare_OfAMonthWithAPaidInvoice_IsTheFoundersAloneToSee()
    {
        var (founder, member) = (await platform.Founder.Value, await platform.SignUpAsync());
        await (await member.Client.GetAsync("/api/alvae/revenue-share")).ProblemAsync(HttpStatusCode.Forbidden, "founder-only");
        await member.SubscribeAsync("CREATOR");

        await Eventually.TrueAsync(
            async () => (await founder.GetJsonAsync("/api/alvae/revenue-share"))["shares"]!.AsArray().Any(share => (long)share!["paidCents"]! > 0 && (long)share["shareCents"]! == (long)share["paidCents"]! * 5 / 100),
            "the invoice is shared");
    }

    /// <summary>Within a second once billing has heard of it; the broker of a busy machine takes its time.</summary>
    private static Task IsLimitedAsync(Member member, int? limit) =>
        Eventually.TrueAsync(async () => (int?)(await member.GetJsonAsync("/api/tiers/limits"))["limit"] == limit, $"the limit is {limit?.ToString() ?? "none"}");
}
