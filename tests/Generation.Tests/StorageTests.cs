using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Generation.Files;

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
        var before = await fixture.ScalarAsync<long>("SELECT bytes FROM tracks WHERE id = $1", id);

        await fixture.ArchiveAsync(id);

        var archived = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
        Assert.True(archived["archived"]!.GetValue<bool>());
        Assert.NotNull(archived["plan"]);
        Assert.NotEqual(before, await fixture.ScalarAsync<long>("SELECT bytes FROM tracks WHERE id = $1", id));
        Assert.Equal(["archive", "waveform"], await KindsAsync(id));

        var both = await Task.WhenAll(client.GetAsync($"/api/generations/{id}/audio?format=mp3"), client.GetAsync($"/api/generations/{id}/audio?format=flac"));

        Assert.All(both, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(["audio", "audio", "master", "waveform"], await KindsAsync(id));
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
    [InlineData("SELECT id FROM tracks WHERE status = 'queued' ORDER BY priority DESC, turn, id LIMIT 1", "ix_tracks_queue")]
    [InlineData("SELECT lease_token FROM tracks WHERE lease_token IS NOT NULL AND lease_until < now()", "ix_tracks_leases")]
    [InlineData("UPDATE tracks SET turn = -1 WHERE lease_token = '00000000-0000-0000-0000-000000000001' AND lease_until < now()", "ix_tracks_leases")]
    [InlineData("SELECT * FROM tracks WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL AND status = 'failed' ORDER BY id DESC LIMIT 21", "ix_tracks_own_by_status")]
    [InlineData("SELECT * FROM tracks WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL AND genre = 'jazz' ORDER BY id DESC LIMIT 21", "ix_tracks_own_by_genre")]
    [InlineData("SELECT * FROM tracks WHERE parent_id = '00000000-0000-0000-0000-000000000001' ORDER BY id DESC LIMIT 21", "ix_tracks_lineage")]
    [InlineData("SELECT key FROM track_files WHERE track_id = ANY (ARRAY['00000000-0000-0000-0000-000000000001'::uuid])", "pk_track_files")]
    [InlineData("SELECT * FROM tracks WHERE user_id = '00000000-0000-0000-0000-000000000001' AND deleted_at IS NULL ORDER BY id DESC LIMIT 21", "ix_tracks_own_list")]
    [InlineData("SELECT max(turn) FROM tracks WHERE status = 'queued' AND user_id = '00000000-0000-0000-0000-000000000001'", "ix_tracks_queue_of_user")]
    [InlineData("SELECT finished_at - started_at FROM tracks WHERE status = 'completed' ORDER BY finished_at DESC LIMIT 20", "ix_tracks_finished")]
    [InlineData("SELECT id FROM tracks WHERE status = 'completed' AND archived_at IS NULL AND deleted_at IS NULL AND played_at < now() ORDER BY played_at LIMIT 50", "ix_tracks_last_played")]
    [InlineData("SELECT * FROM file_requests ORDER BY turn, requested_at LIMIT 20", "ix_file_requests_queue")]
    [InlineData("SELECT max(turn) + 1 FROM file_requests WHERE user_id = '00000000-0000-0000-0000-000000000001'", "ix_file_requests_of_member")]
    [InlineData("SELECT * FROM track_events WHERE user_id = '00000000-0000-0000-0000-000000000001' AND position > 5 ORDER BY position LIMIT 200", "ix_track_events_of_member")]
    [InlineData("SELECT * FROM tracks WHERE status = 'completed' AND deleted_at IS NULL AND measures_version < 1 ORDER BY measures_version, id LIMIT 1", "ix_tracks_to_measure")]
    [InlineData("SELECT * FROM downloads WHERE status IN ('queued', 'running') ORDER BY created_at LIMIT 20", "ix_downloads_queue")]
    [InlineData("SELECT * FROM downloads WHERE user_id = '00000000-0000-0000-0000-000000000001' ORDER BY id DESC LIMIT 21", "ix_downloads_own_list")]
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
        await using var command = fixture.Database.CreateCommand("SELECT kind FROM track_files WHERE track_id = $1 ORDER BY kind");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync();
        var kinds = new List<string>();
        while (await reader.ReadAsync())
            kinds.Add(reader.GetString(0));
        return kinds;
    }
}
