using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Generation.Files;

namespace Son1kVers3.Generation.Tests;

/// <summary>What becomes of files over time.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class StorageTests(GenerationFixture fixture)
{
    [Fact]
    public async Task Track_WhenUnplayedForNinetyDays_IsArchivedAndComesBack()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        var before = await fixture.ScalarAsync<long>("SELECT bytes FROM tracks WHERE id = $1", id);

        await fixture.ArchiveAsync(id);

        var archived = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
        Assert.True(archived["archived"]!.GetValue<bool>());
        Assert.NotNull(archived["plan"]);
        Assert.NotEqual(before, await fixture.ScalarAsync<long>("SELECT bytes FROM tracks WHERE id = $1", id));
        Assert.Equal(["archive", "waveform"], await KindsAsync(id));

        var both = await Task.WhenAll(
            client.GetAsync($"/api/generations/{id}/audio?format=mp3"), client.GetAsync($"/api/generations/{id}/audio?format=flac"));

        Assert.All(both, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(["audio", "audio", "master", "waveform"], await KindsAsync(id));
        Assert.False(JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!["archived"]!.GetValue<bool>());
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, await both[1].Content.ReadAsByteArrayAsync());
        Assert.Equal(
            "44100", (
            await GenerationFixture.RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", file))
            .Trim());
        File.Delete(file);
    }

    [Fact]
    public async Task Sweep_WhenFilesBelongToNobody_RemovesThemAndNothingElse()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        var root = Path.Combine(fixture.MediaFolder, "store", "tracks");
        var (old, fresh) = (Path.Combine(root, Guid.NewGuid().ToString(), "a", "master.flac"),
            Path.Combine(root, Guid.NewGuid().ToString(), "a", "master.flac"));
        foreach (var path in (string[])[old, fresh])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, "left behind");
        }

        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(p => p != fresh))
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-3));

        await fixture.Service.Services.GetRequiredService<OrphanSweeper>().SweepAsync(CancellationToken.None);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio")).StatusCode);
    }

    private async Task<List<string>> KindsAsync(Guid id)
    {
        await using var command = fixture.Database.CreateCommand("SELECT kind FROM track_files WHERE track_id = $1 ORDER BY kind");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync();
        var kinds = new List<string>();
        while (await reader.ReadAsync())
            kinds.Add(reader.GetString(0));
        return kinds;
    }
}
