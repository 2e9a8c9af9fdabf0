using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Load;
using Son1kVers3.Pool.Claims;
using Son1kVers3.Pool.Ranking;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Pool.Tests.Tracks;

/// <summary>A small edition of the million-track pool of <c>tests/Load</c>: what is fast there is so because of these plans.</summary>
[Trait("Category", "Integration")]
public sealed class ScaleTests(PoolFixture fixture) : IClassFixture<PoolFixture>
{
    [Fact]
    public async Task Statements_OnAFilledPool_GoAlongTheirIndexes_AndCountersAgree()
    {
        await new PoolScaleSeed(Tracks: 5000, Likes: 15_000, Contributors: 50, Fans: 500).FillAsync(fixture.Database);
        Assert.Equal(0,
            await fixture.ScalarAsync<long>("SELECT count(*) FROM tracks AS t WHERE likes <> (SELECT count(*) FROM likes AS l WHERE l.generation_id = t.generation_id)"));
        Assert.NotEmpty(await fixture.Pool.Services.GetRequiredService<Standings>().RebuildAsync(CancellationToken.None));
        Assert.Empty(await fixture.Pool.Services.GetRequiredService<Standings>().RebuildAsync(CancellationToken.None));

        await using var scope = fixture.Pool.Services.CreateAsyncScope();
        var list = scope.ServiceProvider.GetRequiredService<PoolList>();
        (PoolFilter Filter, string Index)[] pages =
        [
            (new(PoolSort.Recent, null, null, null), "ix_tracks_available_recent"),
                (new(PoolSort.Popular, null, null, null), "ix_tracks_available_popular"),
            (new(PoolSort.Quality, null, null, null), "ix_tracks_available_quality"),
            (new(PoolSort.Popular, "genre-7", null, null), "ix_tracks_available_genre_popular"),
            (new(PoolSort.Recent, null, null, "corazon fuego 12"), "ix_tracks_available_search"),
        ];
        foreach (var (filter, index) in pages)
        {
            await using var command = list.Command(filter, PageQuery.First(30), fixture.NewUser());
            Assert.Contains(index, await PlanAsync(command));
        }

        // A day that has just begun, of which statistics know nothing.
        await fixture.ExecuteAsync("INSERT INTO claim_days (user_id, day, used) SELECT gen_random_uuid(), DATE '2026-11-24', 1 FROM generate_series(1, 20000)");
        await fixture.ExecuteAsync("ANALYZE claim_days");
        await using var connection = await fixture.Database.OpenConnectionAsync();
        await using var claim = scope.ServiceProvider.GetRequiredService<ClaimDesk>()
            .Command(connection, fixture.NewUser(), null, ClaimDraw.Any(0.5), fixture.Clock.GetUtcNow());
        var plan = await PlanAsync(claim);
        Assert.Contains("ix_tracks_available_draw", plan);
        Assert.DoesNotMatch(@"on claim_days d[^\n]*\n\s*Index Cond:[^\n]*\n\s*Filter:", plan);
    }

    private static async Task<string> PlanAsync(Npgsql.NpgsqlCommand command)
    {
        command.CommandText = $"EXPLAIN {command.CommandText}";
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
