using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>What members do with the community pool.</summary>
internal static class PoolJourney
{
    /// <summary>Pays for a tier on the sandbox's page, and returns once the platform knows.</summary>
    public static async Task SubscribeAsync(this Member member, string tier)
    {
        var origin = member.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var session = await (await member.Client.PostAsJsonAsync("/api/tiers/checkout", new { tier, successUrl = $"{origin}/", cancelUrl = $"{origin}/" }))
            .JsonAsync(HttpStatusCode.Created);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var paid = await browser.PostAsync((string)session["url"]!, new FormUrlEncodedContent([new("cardNumber", "4242 4242 4242 4242")]));
        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);
        await Eventually.TrueAsync(
            async () => (string?)(await member.GetJsonAsync("/api/tiers/limits"))["tier"] == tier, $"the member is on {tier}", TimeSpan.FromMinutes(1));
    }

    /// <summary>Finished tracks of a genre, of which the pool has heard.</summary>
    public static async Task<IReadOnlyList<Guid>> MakeTracksAsync(this Member member, string genre, int count)
    {
        var asked = new List<JsonNode>();
        for (var n = 0; n < count; n++)
        {
            var request = new { prompt = "a short piece", title = $"Piece {n}", genre, durationSeconds = 10, seed = n };
            asked.Add(await member.GenerateAsync(request).AcceptedAsync());
        }

        foreach (var generation in asked)
            Assert.Equal("completed", (string?)(await member.EndedAsync(generation))["status"]);
        Guid[] tracks = [.. asked.Select(generation => (Guid)generation["id"]!)];
        foreach (var track in tracks)
            await Eventually.TrueAsync(async () => await IsKnownAsync(member, track), "the pool has heard of it");
        return tracks;
    }

    /// <summary>Finished tracks of a genre, put into the pool by their member's hand.</summary>
    public static async Task<IReadOnlyList<Guid>> ContributeTracksAsync(this Member member, string genre, int count)
    {
        var tracks = await member.MakeTracksAsync(genre, count);
        foreach (var track in tracks)
            await (await member.ContributeAsync(track)).JsonAsync(HttpStatusCode.Created);
        return tracks;
    }

    public static Task<HttpResponseMessage> ContributeAsync(this Member member, Guid generationId) =>
        member.Client.PostAsJsonAsync("/api/community/contribute", new { generationId });

    public static Task<HttpResponseMessage> SwapAsync(this Member member, Guid track, Guid generationId) =>
        member.Client.PostAsJsonAsync($"/api/community/pool/{track}/swap", new { generationId });

    public static Task<HttpResponseMessage> ClaimAsync(this Member member, string genre) =>
        member.Client.PostAsJsonAsync("/api/community/pool/claim", new { genre });

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>A like of one's own track is refused; that there is no such track would be said first.</summary>
    public static async Task<bool> IsKnownAsync(this Member member, Guid track) =>
        (await member.Client.PutAsync($"/api/community/pool/{track}/like", null)).StatusCode == HttpStatusCode.Forbidden;
}
