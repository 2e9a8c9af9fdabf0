using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests;

public sealed class PoolFixture : IAsyncLifetime
{
    internal ServiceHost<Program> Pool { get; private set; } = null!;
    internal TestBus Bus { get; private set; } = null!;
    internal NpgsqlDataSource Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Pool = await ServiceHost<Program>.StartAsync("pool");
        Bus = await TestBus.StartAsync(Pool.Messaging, (bus, endpoint) => bus.Hear<TrackContributed>(endpoint));
        Database = NpgsqlDataSource.Create(Pool.Database);
    }

    public async Task DisposeAsync()
    {
        await Bus.DisposeAsync();
        await Pool.DisposeAsync();
        await Database.DisposeAsync();
    }

    internal async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return (T?)await command.ExecuteScalarAsync();
    }
}

[Trait("Category", "Integration")]
public sealed class PoolTests(PoolFixture fixture) : IClassFixture<PoolFixture>
{
    [Fact]
    public async Task Completions_WhenTwentyOfThePaidAllowance_ContributeExactlyTheOneThatCrossedTheThreshold()
    {
        var user = Guid.CreateVersion7();
        var tracks = Enumerable.Range(0, 20).Select(_ => Completed(user)).ToList();
        foreach (var track in tracks.Take(19))
            await fixture.Bus.PublishAsync(track);
        await CountedAsync(user, 19);
        Assert.Equal(0, await ContributionsAsync(user));

        await fixture.Bus.PublishAsync(tracks[19]);

        await CountedAsync(user, 20);
        Assert.Equal(tracks[19].GenerationId, await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1", user));
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<TrackContributed>().Any(e => e.GenerationId == tracks[19].GenerationId && e.Automatic)), "the contribution is announced");
    }

    [Fact]
    public async Task Completions_WhenRedeliveredAndConcurrent_AreCountedOnce()
    {
        var user = Guid.CreateVersion7();
        var tracks = Enumerable.Range(0, 60).Select(_ => Completed(user)).ToList();

        await Task.WhenAll(tracks.Concat(tracks).Concat(tracks).Select(fixture.Bus.PublishAsync));

        await CountedAsync(user, 60);
        Assert.Equal(3, await ContributionsAsync(user));
    }

    [Fact]
    public async Task Completions_OfFreeAndAlvaeAllowances_DoNotCount()
    {
        var user = Guid.CreateVersion7();
        for (var i = 0; i < 25; i++)
            await fixture.Bus.PublishAsync(Completed(user) with { Allowance = i % 2 == 0 ? Allowance.Free : Allowance.Alvae });
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM creations WHERE user_id = $1", user) == 25, "all are known");

        Assert.Equal(0, await ContributionsAsync(user));
    }

    [Fact]
    public async Task MayDelete_WhenContributed_IsRefused_AndElseWithdrawsTheTrack()
    {
        var user = Guid.CreateVersion7();
        var tracks = Enumerable.Range(0, 20).Select(_ => Completed(user)).ToList();
        // All but the last are withdrawn before they are heard of.
        foreach (var track in tracks.Take(19))
        {
            var free = await fixture.Bus.AskAsync<MayDelete, DeletionDecision>(new MayDelete { GenerationId = track.GenerationId, UserId = user });
            Assert.True(free.Allowed);
        }

        foreach (var track in tracks)
            await fixture.Bus.PublishAsync(track);
        await CountedAsync(user, 20);
        await Eventually.TrueAsync(async () => await ContributionsAsync(user) == 1, "the one that is left was contributed");

        var held = await fixture.Bus.AskAsync<MayDelete, DeletionDecision>(new MayDelete { GenerationId = tracks[19].GenerationId, UserId = user });
        Assert.False(held.Allowed);
        Assert.Equal("owed-to-pool", held.Denial);
    }

    [Fact]
    public async Task Completions_WhenNothingCanBeContributed_OweItToTheNextTrack()
    {
        var user = Guid.CreateVersion7();
        var tracks = Enumerable.Range(0, 21).Select(_ => Completed(user)).ToList();
        foreach (var track in tracks.Take(20))
        {
            await fixture.Bus.AskAsync<MayDelete, DeletionDecision>(new MayDelete { GenerationId = track.GenerationId, UserId = user });
            await fixture.Bus.PublishAsync(track);
        }

        await CountedAsync(user, 20);
        Assert.Equal(0, await ContributionsAsync(user));

        await fixture.Bus.PublishAsync(tracks[20]);
        await CountedAsync(user, 21);
        Assert.Equal(tracks[20].GenerationId, await fixture.ScalarAsync<Guid>("SELECT generation_id FROM tracks WHERE user_id = $1", user));
    }

    [Fact]
    public async Task List_IsPublic_NamesTheContributor_AndPagesWithoutGapsOrRepeats()
    {
        var user = Guid.CreateVersion7();
        var genre = $"genre-{user:N}"[..20];
        await fixture.Bus.PublishAsync(new UserRegistered { EventId = Guid.CreateVersion7(), UserId = user, Username = "ana", Email = "ana@example.com", Sequence = 1 });
        for (var i = 0; i < 100; i++)
            await fixture.Bus.PublishAsync(Completed(user) with { Genre = genre, Quality = (Quality)(i / 20 % 3) });
        await CountedAsync(user, 100);
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM members WHERE user_id = $1", user) == 1, "the member is known");

        foreach (var sort in (string[])["recent", "popular", "quality"])
        {
            var seen = new List<JsonNode>();
            for (string? cursor = null; ;)
            {
                var page = (await fixture.Pool.Client().GetFromJsonAsync<JsonNode>($"/api/community/pool?genre={genre}&sort={sort}&limit=2&cursor={cursor}"))!;
                seen.AddRange(page["items"]!.AsArray()!);
                if ((cursor = (string?)page["nextCursor"]) is null)
                    break;
            }

            Assert.Equal(5, seen.Select(t => (string)t["id"]!).Distinct().Count());
            Assert.Equal(5, seen.Count);
            Assert.All(seen, t => Assert.Equal("ana", (string?)t["contributor"]!["username"]));
            if (sort == "quality")
                Assert.Equal(seen.Select(t => (int)t["points"]!).OrderDescending(), seen.Select(t => (int)t["points"]!));
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=abc")]
    [InlineData("cursor=%00nonsense")]
    [InlineData("cursor=bm9uc2Vuc2U")]
    [InlineData("sort=random")]
    [InlineData("quality=loud")]
    [InlineData("q=%00")]
    public async Task List_WhenAskedNonsense_Answers400WithTheField(string query)
    {
        var answer = await fixture.Pool.Client().GetAsync($"/api/community/pool?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("https://son1kvers3.dev/problems/validation", (string?)problem["type"]);
        Assert.NotNull(problem["errors"]![query.Split('=')[0]]);
    }

    private static GenerationCompleted Completed(Guid user) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = TimeProvider.System.GetUtcNow(),
        Sequence = 3,
        GenerationId = Guid.CreateVersion7(),
        UserId = user,
        Tier = Tier.Pro,
        Allowance = Allowance.Paid,
        Quality = Quality.High,
        Title = "Tarde en Montevideo",
        Genre = "bossa-nova",
        Tempo = 120,
        Key = "A minor",
        DurationSeconds = 60,
        Bytes = 1_000_000,
        Visibility = Visibility.Private,
    };

    private Task CountedAsync(Guid user, long completed) => Eventually.TrueAsync(
        async () => await fixture.ScalarAsync<long?>("SELECT completed FROM contributors WHERE user_id = $1", user) == completed, $"{completed} completions are counted");

    private Task<long> ContributionsAsync(Guid user) => fixture.ScalarAsync<long>("SELECT count(*) FROM tracks WHERE user_id = $1", user);
}
