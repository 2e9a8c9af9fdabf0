using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Generation.Data;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The tables without any rows: what is in them would change what PostgreSQL prefers.</summary>
public sealed class EmptyDatabase : IAsyncLifetime
{
    internal NpgsqlDataSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Source = NpgsqlDataSource.Create(await (await ServerSet.GetAsync()).CreateDatabaseAsync("indexes"));
        await using var db = new GenerationDb(
            new DbContextOptionsBuilder<GenerationDb>().UseNpgsql(Source).UseSnakeCaseNamingConvention().Options);
        await db.Database.MigrateAsync();
    }

    public async Task DisposeAsync() => await Source.DisposeAsync();
}

/// <summary>How the database finds its rows.</summary>
[Trait("Category", "Integration")]
public sealed class IndexTests(EmptyDatabase database) : IClassFixture<EmptyDatabase>
{
    [Theory]
    [InlineData("SELECT id FROM tracks WHERE status = 'queued' ORDER BY priority DESC, turn, id LIMIT 1", "ix_tracks_queue")]
    [InlineData("SELECT lease_token FROM tracks WHERE lease_token IS NOT NULL AND lease_until < now()", "ix_tracks_leases")]
    [InlineData("UPDATE tracks SET turn = -1 WHERE lease_token = 'ID' AND lease_until < now()", "ix_tracks_leases")]
    [InlineData(
        "SELECT * FROM tracks WHERE user_id = 'ID' AND deleted_at IS NULL "
        + "AND status = 'failed' ORDER BY id DESC LIMIT 21",
        "ix_tracks_own_by_status")]
    [InlineData(
        "SELECT * FROM tracks WHERE user_id = 'ID' AND deleted_at IS NULL "
        + "AND genre = 'jazz' ORDER BY id DESC LIMIT 21",
        "ix_tracks_own_by_genre")]
    [InlineData("SELECT * FROM tracks WHERE parent_id = 'ID' ORDER BY id DESC LIMIT 21", "ix_tracks_lineage")]
    [InlineData("SELECT key FROM track_files WHERE track_id = ANY (ARRAY['ID'::uuid])", "pk_track_files")]
    [InlineData("SELECT * FROM tracks WHERE user_id = 'ID' AND deleted_at IS NULL ORDER BY id DESC LIMIT 21", "ix_tracks_own_list")]
    [InlineData("SELECT max(turn) FROM tracks WHERE status = 'queued' AND user_id = 'ID'", "ix_tracks_queue_of_user")]
    [InlineData(
        "SELECT finished_at - started_at FROM tracks WHERE status = 'completed' "
        + "ORDER BY finished_at DESC LIMIT 20",
        "ix_tracks_finished")]
    [InlineData(
        "SELECT id FROM tracks WHERE checkpoint IS NOT NULL AND finished_at < now() ORDER BY finished_at LIMIT 20", "ix_tracks_left_at_providers")]
    [InlineData(
        "SELECT id FROM tracks WHERE status = 'completed' AND archived_at IS NULL AND deleted_at IS NULL "
        + "AND played_at < now() ORDER BY played_at LIMIT 50",
        "ix_tracks_last_played")]
    [InlineData("SELECT * FROM file_requests ORDER BY turn, requested_at LIMIT 20", "ix_file_requests_queue")]
    [InlineData("SELECT max(turn) + 1 FROM file_requests WHERE user_id = 'ID'", "ix_file_requests_of_member")]
    [InlineData(
        "SELECT * FROM track_events WHERE user_id = 'ID' "
        + "AND position > 5 ORDER BY position LIMIT 200",
        "ix_track_events_of_member")]
    [InlineData(
        "SELECT * FROM tracks WHERE status = 'completed' AND deleted_at IS NULL "
        + "AND measures_version < 1 ORDER BY measures_version, id LIMIT 1",
        "ix_tracks_to_measure")]
    [InlineData("SELECT * FROM downloads WHERE status IN ('queued', 'running') ORDER BY created_at LIMIT 20", "ix_downloads_queue")]
    [InlineData("SELECT * FROM downloads WHERE user_id = 'ID' ORDER BY id DESC LIMIT 21", "ix_downloads_own_list")]
    public async Task Statement_OfAHotPath_GoesByItsIndex(string sql, string index)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using (var off = new NpgsqlCommand("SET enable_seqscan = off; SET enable_bitmapscan = off", connection))
            await off.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand(
            $"EXPLAIN {sql.Replace("ID", Guid.Empty.ToString(), StringComparison.Ordinal)}", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.True(plan.Any(line => line.Contains($"using {index} ", StringComparison.Ordinal)), string.Join('\n', plan));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
    }
}
