using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The queue of files, without anybody who makes them.</summary>
[Trait("Category", "Integration")]
public sealed class FileQueueTests(NoWorkerFixture fixture) : IClassFixture<NoWorkerFixture>
{
    [Fact]
    public async Task Queue_WhenOneMemberFloodsIt_LetsAnothersSingleRequestThrough()
    {
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var requests = scope.ServiceProvider.GetRequiredService<FileRequests>();
        var (greedy, other, single) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        for (var i = 0; i < 15; i++)
            await requests.AddAsync(Guid.CreateVersion7(), FileSpec.Mp3, greedy);
        await requests.AddAsync(single, FileSpec.Mp3, other);
        await requests.AddAsync(single, FileSpec.Mp3, other);

        var order = new List<Guid>();
        while (await requests.TakeAsync(CancellationToken.None) is var (request, lease))
        {
            order.Add(request.TrackId);
            await requests.EndAsync(request);
            await lease.DisposeAsync();
        }

        Assert.Equal(16, order.Count);
        Assert.InRange(order.IndexOf(single), 0, 1);
    }

    [Fact]
    public async Task Request_WhenTaken_IsNobodyElsesUntilItsWorkerDies()
    {
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        var requests = scope.ServiceProvider.GetRequiredService<FileRequests>();
        var track = Guid.CreateVersion7();
        await requests.AddAsync(track, FileSpec.Mp3, Guid.Empty);

        for (var death = 1; death <= 3; death++)
        {
            var taken = await requests.TakeAsync(CancellationToken.None);
            Assert.Null(await requests.TakeAsync(CancellationToken.None));
            // As a worker that is killed leaves it.
            await taken!.Value.Lease.DisposeAsync();
        }

        Assert.Null(await requests.TakeAsync(CancellationToken.None));
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM file_requests WHERE track_id = $1", track));
    }

    [Fact]
    public async Task Migration_OfEarlierTracks_LosesNothing()
    {
        await using var source = NpgsqlDataSource.Create(await (await ServerSet.GetAsync()).CreateDatabaseAsync("earlier"));
        await using var db = new GenerationDb(
            new DbContextOptionsBuilder<GenerationDb>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options);
        await db.GetService<IMigrator>().MigrateAsync("IndexesOfFilters");
        var (track, user) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var earlier = source.CreateCommand(
            $$"""
            INSERT INTO generations (id, user_id, status, kind, request, title, quality, visibility, tier, allowance, priority, turn, progress, sequence, attempts, bytes, created_at, finished_at, pool_track_id)
            VALUES ('{{track}}', '{{user}}', 'completed', 'original', '{"prompt":"x"}', 'Name', 'high', 'private', 'pro', 'paid', 0, 0, 100, 5, 1, 9, now(), now(), gen_random_uuid());
            INSERT INTO generation_files (generation_id, kind, format, key, bytes, checksum)
            SELECT '{{track}}', kind, format, 'k', 1, 'c' FROM (VALUES ('cold', 'opus'), ('audio', 'mp3'), ('waveform', '1000.json'), ('waveform', '8000.json'), ('cover', 'og.png'), ('midi', 'mid'), ('score', 'musicxml')) f (kind, format);
            INSERT INTO generation_events (generation_id, sequence, kind, data, at) SELECT '{{track}}', n, CASE n WHEN 5 THEN 'completed' ELSE 'composing' END, '{}', now() FROM generate_series(1, 5) n;
            INSERT INTO intents (id, user_id, ids, touched_at) VALUES (gen_random_uuid(), '{{user}}', '{}', now())
            """))
            await earlier.ExecuteNonQueryAsync();

        await db.Database.MigrateAsync();

        var kept = await db.Tracks.SingleAsync();
        Assert.True(kept.Contributed);
        Assert.Equal((track, "Name", 0), (kept.Id, kept.Title, kept.MeasuresVersion));
        var files = (await db.TrackFiles.ToListAsync()).ToDictionary(f => f.Spec.ToString(), f => f.Title);
        Assert.Equal(["archive.opus", "audio.mp3", "midi.mid", "score.musicxml", "waveform-1000.json", "waveform-8000.json"],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Name", ""), (files["audio.mp3"], files["midi.mid"]));
        Assert.Equal([1L, 2, 3, 4, 5], await db.TrackEvents.OrderBy(e => e.Sequence).Select(e => e.Position).ToListAsync());
        Assert.False(db.Database.HasPendingModelChanges());
    }
}
