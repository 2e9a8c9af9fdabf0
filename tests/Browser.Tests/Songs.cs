using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What members have before a story begins.</summary>
internal static class Songs
{
    private static readonly TimeSpan Making = TimeSpan.FromMinutes(2);

    /// <summary>A finished song of ten seconds, of which wall and pool have heard.</summary>
    public static async Task<string> MakeSongAsync(this Member member, string title, string visibility = "private", string? genre = null, string? lyrics = null)
    {
        var request = new { prompt = "a short piece for guitar", title, genre, lyrics, visibility, durationSeconds = 10 };
        var id = (string)(await member.PostAsync("/api/generations", request))["id"]!;
        await Eventually.TrueAsync(
            async () => (string?)(await member.GetAsync($"/api/generations/{id}"))["status"] == "completed", "the song is finished", Making);
        await Eventually.TrueAsync(
            async () => (await member.Client.GetAsync($"/api/wall/{id}")).IsSuccessStatusCode, "the wall has heard of it", Making);
        return id;
    }

    /// <summary>Puts an own song into the pool, as soon as the pool has heard of it.</summary>
    public static Task ContributeAsync(this Member member, string id) => Eventually.TrueAsync(
        async () => (await member.Client.PostAsJsonAsync("/api/community/contribute", new { generationId = id })).IsSuccessStatusCode,
        "the song is in the pool", Making);

    public static async Task<JsonNode> GetAsync(this Member member, string path) =>
        JsonNode.Parse(await member.Client.GetStringAsync(path))!;

    public static async Task<JsonNode> PostAsync(this Member member, string path, object body)
    {
        using var answer = await member.Client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
