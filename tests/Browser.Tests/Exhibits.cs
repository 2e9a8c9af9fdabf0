using System.Net.Http.Json;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What the pages with an id in their address show: made once, for all who only look.</summary>
/// <param name="Member">A member, a comment of whom was taken down.</param>
/// <param name="Values">What stands in a path for <c>{track}</c>, <c>{artist}</c> and the like.</param>
public sealed record Exhibits(Member Member, IReadOnlyDictionary<string, string> Values)
{
    private const string Lyrics = "[verse]\nRain on the window\nrain on the glass\n[chorus]\nStay for this night\nlet the next one pass";

    public static async Task<Exhibits> MakeAsync(Uri origin, Member founder)
    {
        var member = await Member.RegisterAsync(origin);
        var track = await founder.MakeSongAsync("Exhibited Song", "public", lyrics: Lyrics);
        await founder.ContributeAsync(track);
        var collection = (string)(await founder.PostAsync("/api/collections", new { title = "Exhibited Songs", visibility = "public" }))["id"]!;
        await founder.PostAsync($"/api/collections/{collection}/items", new { generationId = track });
        var challenge = (string)(await founder.PostAsync("/api/admin/challenges", new { title = "A song in three", description = "A waltz, or what else turns." }))["id"]!;
        await founder.PostAsync($"/api/challenges/{challenge}/entries", new { generationId = track });
        var comment = (string)(await member.PostAsync($"/api/wall/{track}/comments", new { text = "It stays with me." }))["id"]!;
        var report = (string)(await founder.PostAsync("/api/reports", new { kind = "comment", id = comment, reason = "Not about the song." }))["id"]!;
        (await founder.Client.PostAsJsonAsync($"/api/admin/reports/{report}/resolve", new { action = "hide", reason = "Not about the song." })).EnsureSuccessStatusCode();
        await member.PostAsync($"/api/wall/{track}/comments", new { text = "It stays with me, for the winter." });
        return new Exhibits(member, new Dictionary<string, string>
        {
            ["{track}"] = track,
            ["{artist}"] = founder.Username,
            ["{collection}"] = collection,
            ["{challenge}"] = challenge,
            ["{report}"] = report,
        });
    }

    /// <summary>The path with its ids.</summary>
    public string Fill(string path) => Values.Aggregate(path, (filled, value) => filled.Replace(value.Key, value.Value, StringComparison.Ordinal));
}
