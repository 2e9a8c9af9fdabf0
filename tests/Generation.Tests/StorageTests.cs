using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Tests;

/// <summary>What becomes of files over time, and how the database finds its rows.</summary>
[Trait("Category", "Integration")]
public sealed class StorageTests(GenerationFixture fixture) : IClassFixture<GenerationFixture>
{
    [Fact]
    public async Task Track_WhenUnplayedForNinetyDays_IsArchivedAndComesBack()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        var before = await fixture.ScalarAsync<long>("SELECT bytes FROM generations WHERE id = $1", id);

        await fixture.ArchiveAsync(id);

        var archived = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
        Assert.True(archived["archived"]!.GetValue<bool>());
        Assert.NotNull(archived["plan"]);
        Assert.NotEqual(before, await fixture.ScalarAsync<long>("SELECT bytes FROM generations WHERE id = $1", id));
        Assert.Equal(["cold"], await KindsAsync(id));

        var both = await Task.WhenAll(client.GetAsync($"/api/generations/{id}/audio?format=mp3"), client.GetAsync($"/api/generations/{id}/audio?format=flac"));

        Assert.All(both, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(["audio", "audio", "master"], await KindsAsync(id));
        Assert.False(JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!["archived"]!.GetValue<bool>());
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, await both[1].Content.ReadAsByteArrayAsync());
        Assert.Equal("44100", (await GenerationFixture.RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", file)).Trim());
        File.Delete(file);
    }

    [Fact]
    public async Task Sweep_WhenFilesBelongToNobody_RemovesThemAndNothingElse()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        var root = Path.Combine(fixture.MediaFolder, "store", "tracks");
        var (old, fresh) = (Path.Combine(root, Guid.NewGuid().ToString(), "a", "master.flac"), Path.Combine(root, Guid.NewGuid().ToString(), "a", "master.flac"));
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

    [Theory]
    [InlineData("SELECT id FROM generations WHERE status = 'queued' ORDER BY priority DESC, turn, id LIMIT 1", "ix_generations_queue")]
    [InlineData("SELECT lease_token FROM generations WHERE lease_token IS NOT NULL AND lease_until < now()", "ix_generations_leases")]
    [InlineData("UPDATE generations SET turn = -1 WHERE lease_token = '00000000-0000-0000-0000-000000000001' AND lease_until < now()", "ix_generations_leases")]
    [InlineData("SELECT * FROM generations WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL AND status = 'failed' ORDER BY id DESC LIMIT 21", "ix_generations_own_by_status")]
    [InlineData("SELECT * FROM generations WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL AND genre = 'jazz' ORDER BY id DESC LIMIT 21", "ix_generations_own_by_genre")]
    [InlineData("SELECT * FROM generations WHERE parent_id = '00000000-0000-0000-0000-000000000001' ORDER BY id DESC LIMIT 21", "ix_generations_lineage")]
    [InlineData("SELECT key FROM generation_files WHERE generation_id = ANY (ARRAY['00000000-0000-0000-0000-000000000001'::uuid])", "pk_generation_files")]
    [InlineData("SELECT * FROM generations WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL ORDER BY id DESC LIMIT 21", "ix_generations_own_list")]
    [InlineData("SELECT max(turn) FROM generations WHERE status = 'queued' AND user_id = '00000000-0000-0000-0000-000000000001'", "ix_generations_queue_of_user")]
    [InlineData("SELECT finished_at - started_at FROM generations WHERE status = 'completed' ORDER BY finished_at DESC LIMIT 20", "ix_generations_finished")]
    [InlineData("SELECT id FROM generations WHERE status = 'completed' AND archived_at IS NULL AND deleted_at IS NULL AND played_at < now() ORDER BY played_at LIMIT 50", "ix_generations_last_played")]
    [InlineData("SELECT id FROM generations WHERE restore_requested_at IS NOT NULL AND archived_at IS NOT NULL AND deleted_at IS NULL ORDER BY restore_requested_at LIMIT 50", "ix_generations_restores")]
    public async Task Statement_OfAHotPath_GoesByItsIndex(string sql, string index)
    {
        await using var connection = await fixture.Database.OpenConnectionAsync();
        await using (var off = new NpgsqlCommand("SET enable_seqscan = off; SET enable_bitmapscan = off", connection))
            await off.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN {sql}", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.True(plan.Any(line => line.Contains($"using {index} ", StringComparison.Ordinal)), string.Join('\n', plan));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
    }

    private async Task<List<string>> KindsAsync(Guid id)
    {
        await using var command = fixture.Database.CreateCommand("SELECT kind FROM generation_files WHERE generation_id = $1 ORDER BY kind");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync();
        var kinds = new List<string>();
        while (await reader.ReadAsync())
            kinds.Add(reader.GetString(0));
        return kinds;
    }
}
