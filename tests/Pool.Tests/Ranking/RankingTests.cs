using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Ranking;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.Testing;
using StackExchange.Redis;

namespace Son1kVers3.Pool.Tests.Ranking;

/// <summary>Has a pool of its own: a ranking is of everybody.</summary>
[Trait("Category", "Integration")]
public sealed class RankingTests(PoolFixture fixture) : IClassFixture<PoolFixture>
{
    [Fact]
    public async Task Ranking_OrdersByPoints_ThenLikes_ThenTheEarliestContribution_ThenId()
    {
        await ClearAsync();
        var genre = PoolFixture.NewGenre();
        Guid[] m = [.. Enumerable.Range(0, 5).Select(_ => fixture.NewUser()).Order()];
        await fixture.ContributeAsync(m[4], genre, Quality.Ultra);
        var liked = await fixture.ContributeAsync(m[3], genre, Quality.High);
        await fixture.Pool.Client(m[0]).PutAsync($"/api/community/pool/{liked.GenerationId}/like", null);
        foreach (var member in m[..3])
            await fixture.ContributeAsync(member, genre, Quality.High);
        await fixture.ExecuteAsync("UPDATE tracks SET contributed_at = contributed_at - interval '1 minute' WHERE user_id = $1", m[2]);
        await fixture.ExecuteAsync("INSERT INTO ranking_changes (user_id) VALUES ($1)", m[2]);
        await fixture.RankAsync();

        foreach (var timeframe in (string[])["week", "month", "all_time"])
        {
            // Before and after it stands in Redis.
            for (var look = 0; look < 2; look++)
            {
                var users = await UsersAsync($"/api/community/ranking?timeframe={timeframe}");
                Assert.Equal([m[4], m[3], m[2], m[0], m[1]], users);
            }
        }

        await Eventually.TrueAsync(() =>
            Task.FromResult(fixture.Bus.Heard<RankingChanged>().Any(e => e.LeaderId == m[4] && e.Timeframe == "week")),
            "the new leader is announced");
    }

    [Fact]
    public async Task FirstTenPlaces_WhenOneOfThemChanges_AreAnnounced_TheEleventhIsNot()
    {
        await ClearAsync();
        var genre = PoolFixture.NewGenre();
        Guid[] m = [.. Enumerable.Range(0, 11).Select(_ => fixture.NewUser()).Order()];
        foreach (var member in m)
            await fixture.ContributeAsync(member, genre, Quality.High);
        await fixture.RankAsync();
        Guid[] ranked = [.. await UsersAsync("/api/community/ranking?timeframe=week")];
        await IsAnnouncedAsync(ranked[..10]);

        await fixture.ContributeAsync(ranked[10], genre, Quality.Standard);
        await fixture.RankAsync();

        await IsAnnouncedAsync([ranked[10], .. ranked[..9]]);
        Assert.All(fixture.Bus.Heard<RankingChanged>(), e => Assert.InRange(e.FirstPlaces.Count, 1, 10));
    }

    [Fact]
    public async Task Ranking_KeepsPastWeeks_AndShowsOnesOwnPlaceOutsideThePage()
    {
        await ClearAsync();
        var (genre, first, second) = (PoolFixture.NewGenre(), fixture.NewUser(), fixture.NewUser());
        await fixture.ContributeAsync(first, genre, Quality.Ultra);
        var old = await fixture.ContributeAsync(first, genre, Quality.Standard);
        await fixture.ContributeAsync(second, genre, Quality.Standard);
        await ContributedAtAsync(old.GenerationId, fixture.Clock.GetUtcNow().AddDays(-7));
        await fixture.RankAsync();

        var week = await fixture.GetAsync("/api/community/ranking?timeframe=week&limit=1", second);
        Assert.Equal(3, (int)Assert.Single(week["items"]!.AsArray())!["points"]!);
        Assert.Equal((2, 1, true), ((int)week["me"]!["place"]!, (int)week["me"]!["points"]!, (bool)week["me"]!["mine"]!));
        var rest = await fixture.GetAsync($"/api/community/ranking?timeframe=week&limit=1&cursor={week["nextCursor"]}", second);
        Assert.Equal((2, true), ((int)rest["items"]![0]!["place"]!, rest["nextCursor"] is null));
        var past = await fixture.GetAsync("/api/community/ranking?timeframe=week&on=2026-11-18", second);
        Assert.Equal((1, "2026-11-16T00:00:00+00:00"),
            ((int)Assert.Single(past["items"]!.AsArray())!["points"]!, (string)past["startsAt"]!));
        Assert.Null(past["me"]);
        var ever = await fixture.GetAsync("/api/community/ranking?timeframe=all_time");
        Assert.Equal([4, 1], ever["items"]!.AsArray().Select(i => (int)i!["points"]!));
    }

    [Fact]
    public async Task Place_IsTracedToItsTracks_TrackByTrack()
    {
        await ClearAsync();
        var (genre, member) = (PoolFixture.NewGenre(), fixture.NewUser());
        var liked = await fixture.ContributeAsync(member, genre, Quality.Ultra);
        await fixture.Pool.Client(fixture.NewUser()).PutAsync($"/api/community/pool/{liked.GenerationId}/like", null);
        var hidden = await fixture.ContributeAsync(member, genre, Quality.High);
        await fixture.ExecuteAsync("UPDATE tracks SET hidden = true WHERE generation_id = $1", hidden.GenerationId);
        var plain = await fixture.ContributeAsync(member, genre, Quality.Standard);
        await fixture.ContributeAsync(fixture.NewUser(), genre, Quality.Ultra);
        var old = await fixture.ContributeAsync(member, genre, Quality.High);
        await ContributedAtAsync(old.GenerationId, fixture.Clock.GetUtcNow().AddDays(-7));
        await fixture.ExecuteAsync("INSERT INTO ranking_changes (user_id) VALUES ($1)", member);
        await fixture.RankAsync();

        var place = (await fixture.GetAsync("/api/community/ranking?timeframe=week", member))["me"]!;
        var first = await fixture.GetAsync($"/api/community/ranking/{place["userId"]}/tracks?timeframe=week&limit=1");
        var rest = await fixture.GetAsync($"/api/community/ranking/{member}/tracks?timeframe=week&limit=1&cursor={first["nextCursor"]}");

        var tracks = first["items"]!.AsArray().Concat(rest["items"]!.AsArray()).ToList();
        Assert.Null(rest["nextCursor"]);
        Assert.Equal([plain.GenerationId, liked.GenerationId], tracks.Select(track => (Guid)track!["generationId"]!));
        Assert.Equal(((int)place["points"]!, (int)place["likes"]!), (tracks.Sum(t => (int)t!["points"]!), tracks.Sum(t => (int)t!["likes"]!)));
        Assert.Equal((4, 1), ((int)place["points"]!, (int)place["likes"]!));
    }

    [Theory]
    [InlineData("timeframe=year")]
    [InlineData("cursor=e30x")]
    [InlineData("limit=101")]
    public async Task RankedTracks_WhenAskedNonsense_Answers400(string query) =>
        await (await fixture.Pool.Client().GetAsync($"/api/community/ranking/{Guid.NewGuid()}/tracks?{query}")).IsProblemAsync(400, "validation");

    [Theory]
    [InlineData("timeframe=year", "timeframe")]
    [InlineData("on=yesterday", "on")]
    [InlineData("on=0001-01-01", "on")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=e30", "cursor")]
    [InlineData("cursor=eyJLZXkiOiJ4In0", "cursor")]
    public async Task Ranking_WhenAskedNonsense_Answers400WithTheField(string query, string field)
    {
        var problem = await (await fixture.Pool.Client().GetAsync($"/api/community/ranking?{query}")).IsProblemAsync(400, "validation");
        Assert.NotNull(problem["errors"]![field]);
    }

    [Fact]
    public void Ranking_WhateverHappens_IsAsTheModelSays_InPostgresAndRedisAlike()
    {
        var step = Gen.Choose(0, 9).Zip(Gen.Choose(0, 11)).ArrayOf(50);
        Prop.ForAll(step.ToArbitrary(), run => CheckAsync(run).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(6).WithEndSize(1));
    }

    [Fact]
    public async Task Rebuild_MakesRightWhatIsWrong_AndFindsNothingTheSecondTime()
    {
        await ClearAsync();
        var (genre, user) = (PoolFixture.NewGenre(), fixture.NewUser());
        await fixture.ContributeAsync(user, genre, Quality.Ultra);
        await fixture.RankAsync();
        await fixture.ExecuteAsync("UPDATE standings SET points = 1, sort_key = 'wrong' WHERE user_id = $1", user);
        var operators = fixture.Pool.Client(fixture.NewUser(), "operator");

        var first = await (await operators.PostAsync("/api/admin/pool/ranking/rebuild", null)).JsonAsync();
        var second = await (await operators.PostAsync("/api/admin/pool/ranking/rebuild", null)).JsonAsync();

        Assert.Equal((3, 0), ((int)first["standingsCorrected"]!, (int)first["placesDiffering"]!));
        Assert.Equal((0, 0), ((int)second["standingsCorrected"]!, (int)second["placesDiffering"]!));
        await (await fixture.Pool.Client(user).PostAsync("/api/admin/pool/ranking/rebuild", null)).IsProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Ranking_WhenRedisLostEverything_IsReadFromPostgres_AndStandsInRedisAgain()
    {
        await ClearAsync();
        var user = fixture.NewUser();
        await fixture.ContributeAsync(user, PoolFixture.NewGenre());
        await fixture.RankAsync();
        Assert.Equal([user], await UsersAsync("/api/community/ranking?timeframe=month"));

        var redis = fixture.Pool.Services.GetRequiredService<IConnectionMultiplexer>();
        await redis.GetDatabase().ExecuteAsync("FLUSHDB");

        Assert.Equal([user], await UsersAsync("/api/community/ranking?timeframe=month"));
        var cache = fixture.Pool.Services.GetRequiredService<RankingCache>();
        var cached = await cache.ReadAsync(RankingPeriod.Of(Timeframe.Month, DateOnly.FromDateTime(fixture.Clock.GetUtcNow().UtcDateTime)),
            user, null, 10);
        Assert.Equal(0, cached!.OwnRank);
    }

    [Fact]
    public async Task Rings_AreFlaggedToOperatorsAlone()
    {
        await ClearAsync();
        var (genre, a, b) = (PoolFixture.NewGenre(), fixture.NewUser(), fixture.NewUser());
        for (var n = 0; n < 3; n++)
        {
            await fixture.Pool.Client(b)
                .PutAsync($"/api/community/pool/{(await fixture.ContributeAsync(a, genre)).GenerationId}/like", null);
            await fixture.Pool.Client(a)
                .PutAsync($"/api/community/pool/{(await fixture.ContributeAsync(b, genre)).GenerationId}/like", null);
        }

        await fixture.Pool.Services.GetRequiredService<LikeRingWatch>().FlagAsync(CancellationToken.None);
        await fixture.Pool.Services.GetRequiredService<LikeRingWatch>().FlagAsync(CancellationToken.None);

        var rings = await (await fixture.Pool.Client(fixture.NewUser(), "operator").GetAsync("/api/admin/pool/rings")).JsonAsync();
        var ring = Assert.Single(rings["items"]!.AsArray(), r => r!["members"]!.AsArray().Any(m => (Guid)m!["userId"]! == a));
        Assert.Equal((6, 2), ((int)ring!["likes"]!, ring["members"]!.AsArray().Count));
        await (await fixture.Pool.Client(a).GetAsync("/api/admin/pool/rings")).IsProblemAsync(403, "forbidden");
    }

    /// <summary>Twelve members; what happens to them is drawn, and news come twice.</summary>
    private async Task<bool> CheckAsync((int What, int Who)[] run)
    {
        await ClearAsync();
        var members = Enumerable.Range(0, 12).Select(_ => fixture.NewUser()).ToList();
        var (model, genre, sequence, minutes) = (new List<Entry>(), PoolFixture.NewGenre(), 10L, 0);
        var gone = new HashSet<Guid>();
        foreach (var (what, who) in run)
        {
            var user = members[who];
            var own = model.Where(e => e.User == user && !e.Deleted).ToList();
            sequence++;
            switch (what)
            {
                case < 4 when !gone.Contains(user):
                    var track = await fixture.ContributeAsync(user, genre, (Quality)(what % 3));
                    var at = fixture.Clock.GetUtcNow().AddDays(-3 * (what + who)).AddMinutes(-minutes++);
                    await ContributedAtAsync(track.GenerationId, at);
                    model.Add(new Entry(track.GenerationId, user, at, what % 3 + 1));
                    break;
                case 4 or 5 or 6 when own.Count > 0 && !own[0].Hidden:
                    var fan = fixture.NewUser();
                    await (await fixture.Pool.Client(fan).PutAsync($"/api/community/pool/{own[0].Track}/like", null)).JsonAsync();
                    own[0].Likes++;
                    break;
                case 7 when own.Count > 0:
                    await fixture.ApplyAsync<OnTrackModerated, TrackHidden>(new TrackHidden
                    {
                        GenerationId = own[^1].Track,
                        UserId = user,
                        Reason = "spam",
                        Sequence = sequence
                    });
                    own[^1].Hidden = true;
                    break;
                case 8 when own.Count > 0:
                    await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(new GenerationDeleted
                    {
                        GenerationId = own[^1].Track,
                        UserId = user,
                        Bytes = 0,
                        Sequence = sequence
                    });
                    own[^1].Deleted = true;
                    break;
                case 9 when who < 3:
                    await fixture.ApplyAsync<OnUserDeleted, UserDeleted>(new UserDeleted { UserId = user, Sequence = sequence });
                    gone.Add(user);
                    break;
            }

            if (who == 0)
                await fixture.RankAsync();
        }

        await fixture.RankAsync();
        var standings = fixture.Pool.Services.GetRequiredService<Standings>();
        foreach (var timeframe in Enum.GetValues<Timeframe>())
        {
            var period = RankingPeriod.Of(timeframe, DateOnly.FromDateTime(fixture.Clock.GetUtcNow().UtcDateTime));
            var expected = model.Where(e =>
                !e.Hidden && !e.Deleted && !gone.Contains(e.User)
                && RankingPeriod.Of(timeframe, DateOnly.FromDateTime(e.At.UtcDateTime)) == period)
                .GroupBy(e => e.User)
                .OrderByDescending(g => g.Sum(e => e.Points)).ThenByDescending(g => g.Sum(e => e.Likes)).ThenBy(g => g.Min(e => e.At))
                    .ThenBy(g => g.Key)
                .Select(g => (g.Key, (long)g.Sum(e => e.Points), (long)g.Sum(e => e.Likes))).ToList();
            var stored = await standings.ReadAsync(period, null, null, 100, CancellationToken.None);
            Assert.Equal(expected, stored.Keys.Select(Score.Parse).Select(s => (s.UserId, s.Points, s.Likes)));
            var cache = fixture.Pool.Services.GetRequiredService<RankingCache>();
            if (await cache.ReadAsync(period, null, null, 100) is null)
                await cache.RebuildAsync(period, () => standings.AllAsync(period, CancellationToken.None));
            Assert.Equal(stored.Keys, (await cache.ReadAsync(period, null, null, 100))!.Keys);
        }

        return true;
    }

    private Task IsAnnouncedAsync(Guid[] places) => Eventually.TrueAsync(
        () => Task.FromResult(new[] { "week", "month", "all_time" }.All(timeframe => fixture.Bus.Heard<RankingChanged>()
            .Any(e => e.Timeframe == timeframe && e.LeaderId == places[0] && e.FirstPlaces.SequenceEqual(places)))),
        "the first ten places are announced");

    private async Task<List<Guid>> UsersAsync(string path)
    {
        var items = (await fixture.GetAsync(path))["items"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, items.Count), items.Select(i => (int)i!["place"]!));
        var keys = await fixture.ScalarAsync<string[]>(
            "SELECT array_agg(sort_key ORDER BY sort_key) FROM standings WHERE sort_key IS NOT NULL AND timeframe = $1 AND starts_on = $2",
            Timeframe(path), StartsOn(path));
        var scores = keys!.Select(Score.Parse).ToList();
        Assert.Equal(scores.Select(s => s.Points), items.Select(i => (long)i!["points"]!));
        Assert.Equal(scores.Select(s => s.Likes), items.Select(i => (long)i!["likes"]!));
        return [.. scores.Select(s => s.UserId)];

        static string Timeframe(string path) => path.Split("timeframe=")[1].Split('&')[0];

        static DateOnly StartsOn(string path) =>
            Timeframe(path) switch
            {
                "week" => new DateOnly(2026, 11, 23),
                "month" => new DateOnly(2026, 11, 1),
                _ =>
            new DateOnly(1970, 1, 1)
            };
    }

    /// <summary>Moves a contribution in time, which nothing in the product does; the ranking is told.</summary>
    private Task ContributedAtAsync(Guid track, DateTimeOffset at) => fixture.ExecuteAsync(
        "WITH moved AS (UPDATE tracks SET contributed_at = $2 WHERE generation_id = $1 RETURNING user_id) INSERT INTO ranking_changes (user_id) SELECT user_id FROM moved", track, at);

    /// <summary>An empty pool, in Redis too.</summary>
    private async Task ClearAsync()
    {
        await fixture.ExecuteAsync("DELETE FROM likes; DELETE FROM ranking_changes; DELETE FROM standings; DELETE FROM leaders; DELETE FROM like_rings; DELETE FROM tracks");
        await fixture.Pool.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().ExecuteAsync("FLUSHDB");
    }

    private sealed record Entry(Guid Track, Guid User, DateTimeOffset At, int Points)
    {
        public int Likes { get; set; }
        public bool Hidden { get; set; }
        public bool Deleted { get; set; }
    }
}
