using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class SearchTests(Platform platform)
{
    [Fact]
    public async Task Track_WhenItTurnsPrivate_IsFoundByNobodyElseOneSecondLater()
    {
        var (owner, stranger) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var word = $"w{Guid.NewGuid():N}"[..12];
        var track = await owner.GenerateAsync(new { prompt = "a short piece", title = $"{word} en la ventana", durationSeconds = 10, visibility = "public" }).AcceptedAsync();
        Assert.Equal("completed", (string?)(await owner.EndedAsync(track))["status"]);
        await Eventually.TrueAsync(async () => await FindsAsync(stranger, word), "a stranger finds it");

        (await owner.Client.PatchAsJsonAsync($"/api/generations/{track["id"]}", new { visibility = "private" })).EnsureSuccessStatusCode();
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.False(await FindsAsync(stranger, word));
        Assert.False(await FindsAsync(stranger, $"{word}&type=pool"));
        Assert.False(await FindsAsync(stranger, $"{word[..^1]}"));
        Assert.True(await FindsAsync(owner, word));
    }

    [Fact]
    public async Task Track_IsFoundByItsArtist_AndTheArtistAmongPeople()
    {
        var (owner, stranger) = (await platform.SignUpAsync(), await platform.SignUpAsync());
        var name = $"w{Guid.NewGuid():N}"[..12];
        (await owner.Client.PatchAsJsonAsync("/api/profiles/me", new { displayName = name })).EnsureSuccessStatusCode();
        var track = await owner.GenerateAsync(new { prompt = "a short piece", title = "Lluvia", durationSeconds = 10, visibility = "public" }).AcceptedAsync();
        await owner.EndedAsync(track);

        await Eventually.TrueAsync(async () => await FindsAsync(stranger, name), "the track is found by its artist");
        Assert.True(await FindsAsync(stranger, $"{name}&type=people"));
    }

    private static async Task<bool> FindsAsync(Member member, string query) =>
        (await member.GetJsonAsync($"/api/search?q={query}"))["items"] is JsonArray { Count: > 0 };
}
