using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>A member takes everything along.</summary>
[Trait("Category", "EndToEnd")]
[Collection(nameof(Platform))]
public sealed class ExportTests(Platform platform)
{
    [Fact]
    public async Task Export_HoldsWhatEachServiceKnows_AndTheSoundOfEveryTrack()
    {
        var member = await platform.SignUpAsync();
        (await member.Client.PatchAsJsonAsync("/api/profiles/me", new { bio = "lo-fi at night" })).EnsureSuccessStatusCode();
        var generation = await member.GenerateAsync(new { prompt = "rain on the window", title = "Rain", durationSeconds = 10 }).AcceptedAsync();
        await member.EndedAsync(generation);
        await Eventually.TrueAsync(async () => (await member.Client.GetAsync($"/api/wall/{generation["id"]}")).IsSuccessStatusCode, "it is on the wall");
        (await member.Client.PostAsJsonAsync($"/api/wall/{generation["id"]}/comments", new { text = "my own words" })).EnsureSuccessStatusCode();

        using var zip = await ExportAsync(member);

        Assert.Empty(Json(zip, "export.json")["missingServices"]!.AsArray());
        var profile = Json(zip, "profile.json").ToJsonString();
        Assert.All((string[])[member.Email, "lo-fi at night", "my own words"], word => Assert.Contains(word, profile, StringComparison.Ordinal));
        Assert.All((string[])["billing.json", "pool.json", "generation.json"], name => Assert.NotNull(zip.GetEntry(name)));
        Assert.Contains((string)generation["id"]!, Json(zip, "billing.json").ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("rain on the window", (string?)Json(zip, "tracks/Rain.json")["request"]!["prompt"]);
        Assert.InRange(zip.GetEntry("tracks/Rain.mp3")!.Length, 10_000, 10_000_000);
    }

    private async Task<ZipArchive> ExportAsync(Member member)
    {
        var asked = await (await member.Client.PostAsync("/api/auth/export", null)).JsonAsync(HttpStatusCode.Accepted);
        var ready = await Eventually.GetAsync(
            async () => await member.GetJsonAsync($"/api/auth/export/{asked["id"]}") is var export && (string?)export["status"] == "ready" ? export : null, "the export is ready");
        using var anybody = platform.CreateClient();
        return new ZipArchive(new MemoryStream(await anybody.GetByteArrayAsync((string)ready["url"]!)));
    }

    private static JsonNode Json(ZipArchive zip, string name)
    {
        using var entry = zip.GetEntry(name)?.Open() ?? throw new InvalidOperationException($"There is no {name} among {string.Join(", ", zip.Entries.Select(e => e.FullName))}.");
        return JsonNode.Parse(entry)!;
    }
}
