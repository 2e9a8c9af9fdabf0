using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Tests;

/// <summary>The remix assistant with real tracks and a real database.</summary>
[Trait("Category", "Integration")]
public sealed class HearingTests(StudioFixture fixture) : IClassFixture<StudioFixture>
{
    private const string AnalysisKey = "SELECT key FROM track_files WHERE track_id = $1 AND kind = 'analysis' AND format = 'json'";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Suggestions_OfAFinishedTrack_NameWhatIsHeardAndListenOnce()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await MakeAsync(client, new { prompt = "ambient", durationSeconds = 10, seed = 5 });

        var first = await client.GetStringAsync($"/api/generations/{id}/suggestions");

        var heard = await HeardAsync(id);
        Assert.Equal(-14, heard.LoudnessLufs, 1.0);
        var reasons = JsonNode.Parse(first)!["items"]!.AsArray().Select(s => s!["reason"]!.GetValue<string>()).ToList();
        var attacks = new Figure(heard.OnsetsPerSecond).En;
        Assert.Contains(reasons, r => r.Contains($"with {attacks} attacks a second", StringComparison.Ordinal));

        // With the master gone nobody could listen again.
        File.Delete(
            Stored((await fixture.ScalarAsync<string>("SELECT key FROM track_files WHERE track_id = $1 AND kind = 'master'", id))!));
        Assert.Equal(first, await client.GetStringAsync($"/api/generations/{id}/suggestions"));
        var view = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{id}"))!;
        Assert.DoesNotContain(view["files"]!.AsArray(), f => f!["kind"]!.GetValue<string>() == "analysis");
    }

    [Fact]
    public async Task Suggestions_OfAnArchivedTrack_LeaveItWhereItIs()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var known = await MakeAsync(client, new { prompt = "ambient", durationSeconds = 10, seed = 1 });
        var unknown = await MakeAsync(client, new { prompt = "ambient", durationSeconds = 10, seed = 2 });
        var before = await client.GetStringAsync($"/api/generations/{known}/suggestions");
        await fixture.ScalarAsync<int>(
            "UPDATE tracks SET played_at = now() - interval '91 days' WHERE id = ANY($1)", (Guid[])[known, unknown]);
        await fixture.Service.Services.GetRequiredService<ArchiveWorker>().ArchiveAsync(CancellationToken.None);

        var items = JsonNode.Parse(await client.GetStringAsync($"/api/generations/{unknown}/suggestions"))!["items"]!.AsArray();

        // What was heard before counts two tracks of the member, as it does now.
        Assert.Equal(before, await client.GetStringAsync($"/api/generations/{known}/suggestions"));
        Assert.InRange(items.Count, 3, 6);
        Assert.DoesNotContain(items, s => s!["reason"]!.GetValue<string>().Contains("attacks", StringComparison.Ordinal));
        Assert.Null(await fixture.ScalarAsync<string>(AnalysisKey, unknown));
        Assert.Equal(
            2, await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM tracks WHERE id = ANY($1) AND archived_at IS NOT NULL", (Guid[])[known, unknown]));
    }

    [Fact]
    public async Task Taste_OfAMember_IsWhatWasMadeAndReworkedLately()
    {
        var (user, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var jazz = await InsertAsync(other, "jazz", 150);
        foreach (var tempo in (int[])[80, 84])
            await InsertAsync(user, "lo-fi", tempo);
        for (var n = 0; n < 3; n++)
            await InsertAsync(user, "techno", 130, parent: jazz);
        await InsertAsync(user, "metal", 190, status: "failed");

        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var taste = await scope.ServiceProvider.GetRequiredService<TasteReader>().ReadAsync(user);

        Assert.Equal([("jazz", 3), ("techno", 3), ("lo-fi", 2)], taste.Likings.Select(l => (l.Genre, l.Tracks)));
        Assert.Null(taste.Likings[0].Tempo);
        Assert.Equal(130, taste.Likings[1].Tempo!.Value, 0.001);
        // The later of the two weighs more.
        Assert.InRange(taste.Likings[2].Tempo!.Value, 82.001, 83);
        Assert.Empty((await scope.ServiceProvider.GetRequiredService<TasteReader>().ReadAsync(Guid.CreateVersion7())).Likings);
    }

    [Fact]
    public async Task Taste_WhenManyTracksAreStored_IsReadByIndexAlone()
    {
        var user = Guid.CreateVersion7();
        var parent = await InsertAsync(Guid.CreateVersion7(), "jazz", 150);
        await InsertAsync(user, "pop", 100, parent: parent);
        await fixture.ScalarAsync<int>(
            """
            INSERT INTO tracks SELECT (jsonb_populate_record(g, jsonb_build_object('id', gen_random_uuid(), 'user_id', CASE WHEN n % 100 = 0 THEN g.user_id ELSE gen_random_uuid() END))).*
            FROM tracks g, generate_series(1, 3000) n WHERE g.user_id = $1
            """, user);
        await fixture.ScalarAsync<int>("ANALYZE tracks");
        var sql = TasteReader.Statement.Replace("{0}", $"'{user}'", StringComparison.Ordinal);

        await using var command = fixture.Database.CreateCommand($"EXPLAIN {sql}");
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.True(plan.Any(l => l.Contains("ix_tracks_own_", StringComparison.Ordinal)), string.Join('\n', plan));
        Assert.DoesNotContain(plan, l => l.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private async Task<Guid> InsertAsync(Guid user, string genre, int tempo, Guid? parent = null, string status = "completed")
    {
        var id = Guid.CreateVersion7();
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        db.Add(new Track
        {
            Id = id,
            UserId = user,
            Status = Enum.Parse<TrackStatus>(status, ignoreCase: true),
            ParentId = parent,
            Request = new TrackRequest { Prompt = genre },
            Title = genre,
            Genre = genre,
            Plan = $$"""{"tempo": {{tempo}}}""",
        });
        await db.SaveChangesAsync();
        return id;
    }

    private async Task<TrackAnalysis> HeardAsync(Guid id) => JsonSerializer.Deserialize<TrackAnalysis>(
        await File.ReadAllTextAsync(Stored((await fixture.ScalarAsync<string>(AnalysisKey, id))!)), JsonSerializerOptions.Web)!;

    private string Stored(string key) => Path.Combine(fixture.MediaFolder, "store", key);

    private static async Task<Guid> MakeAsync(HttpClient client, object body)
    {
        var id = (await GenerationFixture.OrderAsync(client, body))["id"]!.GetValue<Guid>();
        await GenerationFixture.WhenAsync(client, id, "completed", Timeout);
        return id;
    }
}
