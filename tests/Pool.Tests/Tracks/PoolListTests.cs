using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tests.Hosting;

namespace Son1kVers3.Pool.Tests.Tracks;

[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class PoolListTests(PoolFixture fixture)
{
    [Fact]
    public async Task List_CarriesAllThatACardIsDrawnFrom_AndHowItStandsWithTheCaller()
    {
        var (owner, fan, genre) = (fixture.NewUser(), fixture.NewUser(), PoolFixture.NewGenre());
        await fixture.ApplyAsync<OnProfile, ProfileUpdated>(new ProfileUpdated
        {
            UserId = owner,
            Username = "ana",
            AlvaeId = "ALVAE-042",
            Border = "#00FFE7",
            Sequence = 2
        });
        await fixture.ApplyAsync<OnAlvae, AlvaeGranted>(new AlvaeGranted { UserId = owner, AlvaeId = "ALVAE-042", Level = AlvaeLevel.Tester, Sequence = 1 });
        var track = await fixture.ContributeAsync(owner, genre);
        await (await fixture.Pool.Client(fan).PutAsync($"/api/community/pool/{track.GenerationId}/like", null)).JsonAsync();

        var card = await CardAsync(null);
        Assert.Equal(track.GenerationId, (Guid)card["generationId"]!);
        Assert.Equal(("Canción de Montevideo", "calm", 120.0, "A minor", 60.0, "high", 2, 1, 0), (
            (string)card["title"]!, (string)card["mood"]!, (double)card["tempo"]!, (string)card["key"]!, (double)card["durationSeconds"]!,
            (string)card["quality"]!, (int)card["points"]!,
            (int)card["likes"]!, (int)card["plays"]!));
        Assert.Equal((5, 64), (card["palette"]!.AsArray().Count, card["peaks"]!.AsArray().Count));
        Assert.Equal("""{"username":"ana","displayName":null,"alvae":"TESTER","border":"#00FFE7"}""", card["artist"]!.ToJsonString());
        Assert.Equal(
            ($"/api/generations/{track.GenerationId}/cover?size=320", $"/api/generations/{track.GenerationId}/audio?format=mp3"),
            ((string)card["cover"]!, (string)card["audio"]!));
        Assert.Equal((null, null, null), Marks(card));
        Assert.Equal((true, false, false), Marks(await CardAsync(owner)));
        Assert.Equal((false, true, false), Marks(await CardAsync(fan)));

        async Task<JsonNode> CardAsync(Guid? caller) =>
            Assert.Single((await fixture.GetAsync($"/api/community/pool?genre={genre}", caller))["items"]!.AsArray())!;

        static (bool?, bool?, bool?) Marks(JsonNode card) => ((bool?)card["mine"], (bool?)card["liked"], (bool?)card["claimed"]);
    }

    [Theory]
    [InlineData("recent")]
    [InlineData("popular")]
    [InlineData("quality")]
    public async Task List_PagesWithoutGapsOrRepeats_InItsOrder(string sort)
    {
        var (user, genre) = (fixture.NewUser(), PoolFixture.NewGenre());
        await SeedAsync(user, genre, 25);

        var seen = new List<JsonNode>();
        for (string? cursor = null; ;)
        {
            var page = await fixture.GetAsync($"/api/community/pool?genre={genre}&sort={sort}&limit=4&cursor={cursor}");
            seen.AddRange(page["items"]!.AsArray()!);
            if ((cursor = (string?)page["nextCursor"]) is null)
                break;
        }

        Assert.Equal((25, 25), (seen.Count, seen.Select(t => (Guid)t["generationId"]!).Distinct().Count()));
        var key = sort switch { "popular" => "likes", "quality" => "points", _ => "contributedAt" };
        Assert.Equal(seen.OrderByDescending(Key).Select(Key), seen.Select(Key));

        IComparable Key(JsonNode card) => key == "contributedAt" ? (DateTimeOffset)card[key]! : (int)card[key]!;
    }

    [Theory]
    [InlineData("cancion")]
    [InlineData("CANCIÓN de")]
    [InlineData("montevideo")]
    public async Task Search_FindsPartsOfTitles_WhateverAccentsAndCase(string q)
    {
        var genre = PoolFixture.NewGenre();
        await fixture.ContributeAsync(fixture.NewUser(), genre);

        Assert.Single((await fixture.GetAsync($"/api/community/pool?genre={genre}&q={Uri.EscapeDataString(q)}"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("x'--")]
    public async Task Search_TakesWildcardsAsLetters(string q)
    {
        var genre = PoolFixture.NewGenre();
        await fixture.ContributeAsync(fixture.NewUser(), genre);

        Assert.Empty((await fixture.GetAsync($"/api/community/pool?genre={genre}&q={Uri.EscapeDataString(q)}"))["items"]!.AsArray());
    }

    [Fact]
    public async Task List_FiltersByQuality()
    {
        var genre = PoolFixture.NewGenre();
        await SeedAsync(fixture.NewUser(), genre, 9);

        var cards = (await fixture.GetAsync($"/api/community/pool?genre={genre}&quality=ultra"))["items"]!.AsArray();

        Assert.Equal(["ultra", "ultra", "ultra"], cards.Select(c => (string)c!["quality"]!));
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

        Assert.NotNull((await answer.IsProblemAsync(400, "validation"))["errors"]![query.Split('=')[0]]);
    }

    private async Task SeedAsync(Guid user, string genre, int count) => await fixture.ExecuteAsync(
        """
        INSERT INTO tracks (generation_id, user_id, quality, title, genre, tempo, key, duration_seconds, completed_at, contributed_at,
            points, likes, sequence, allowance)
        SELECT gen_random_uuid(), $1, (ARRAY['Standard', 'High', 'Ultra'])[n % 3 + 1], 'Seeded ' || n, $2, 100, 'C major', 60, $4,
            $4 - (n / 4) * interval '1 minute', n % 3 + 1, n % 5, 1, 'Paid'
        FROM generate_series(1, $3) AS n
        """,
        user, genre, count, fixture.Clock.GetUtcNow());
}
