using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class WallTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Wall_WhenEventsComeInAnyOrder_ShowsTheSameCard()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var cards = new List<string>();
        foreach (var seed in Enumerable.Range(0, 4))
        {
            var id = Guid.CreateVersion7();
            Event[] events =
            [
                fixture.Completed(artist.Id, id, Visibility.Private, 3), Updated(artist.Id, id, "renamed", Visibility.Private, 5),
                new TrackLiked { EventId = Guid.CreateVersion7(), GenerationId = id, OwnerId = artist.Id, UserId = fan.Id, Liked = true, Likes = 1, Sequence = 2, OccurredAt = fixture.Clock.GetUtcNow() },
                new TrackPlayed { EventId = Guid.CreateVersion7(), GenerationId = id, OwnerId = artist.Id, UserId = fan.Id, Plays = 7, Sequence = 3, OccurredAt = fixture.Clock.GetUtcNow() },
                new TrackContributed { EventId = Guid.CreateVersion7(), GenerationId = id, UserId = artist.Id, Automatic = false, Points = 1, Sequence = 1, OccurredAt = fixture.Clock.GetUtcNow() },
            ];
            foreach (var e in events.OrderBy(_ => new Random(seed).Next()).ToArray())
                await PublishAsync(e);
            using var client = fixture.Client(fan.AccessToken);
            var card = await Eventually.GetAsync(
                async () => await client.GetAsync($"/api/wall/{id}") is { StatusCode: HttpStatusCode.OK } seen && await seen.JsonAsync() is var json
                    && (string)json["title"]! == "renamed" && (int)json["counts"]!["likes"]! == 1 && (long)json["counts"]!["plays"]! == 7 ? json : null,
                "the card is whole");
            Assert.Equal((true, false, $"/api/generations/{id}/cover", $"/api/generations/{id}/audio"), ((bool)card["liked"]!, (bool)card["mine"]!, (string)card["cover"]!, (string)card["audio"]!));
            cards.Add(card.ToJsonString().Replace(id.ToString(), "id"));
        }

        Assert.Single(cards.Distinct());
    }

    [Fact]
    public async Task Wall_WhenPrivateOrArchivedOrHidden_IsTheOwnersAlone()
    {
        var artist = await fixture.RegisterAsync();
        var (open, secret, archived, hidden) = (await TrackAsync(artist), await TrackAsync(artist, Visibility.Private), await TrackAsync(artist), await TrackAsync(artist));
        using var owner = fixture.Client(artist.AccessToken);
        using var anonymous = fixture.Client();
        (await owner.PatchAsJsonAsync("/api/wall", new { ids = new[] { archived }, archived = true })).EnsureSuccessStatusCode();
        await PublishAsync(new TrackHidden { EventId = Guid.CreateVersion7(), GenerationId = hidden, UserId = artist.Id, Reason = "stolen", Sequence = 9, OccurredAt = fixture.Clock.GetUtcNow() });
        await Eventually.TrueAsync(async () => (await IdsAsync(owner, artist)).Count == 2, "the hidden one is gone");

        Assert.Equal([secret, open], await IdsAsync(owner, artist));
        Assert.Equal([archived], await IdsAsync(owner, artist, "view=archived"));
        Assert.Equal([open], await IdsAsync(anonymous, artist));
        Assert.Empty(await IdsAsync(anonymous, artist, "view=archived"));
        await (await anonymous.GetAsync($"/api/wall/{secret}")).IsProblemAsync(404, "not-found");
        await (await anonymous.GetAsync($"/internal/share/t/{secret}")).IsProblemAsync(404, "not-found");
        await (await anonymous.GetAsync($"/internal/share/t/{hidden}")).IsProblemAsync(404, "not-found");
        var shared = await (await anonymous.GetAsync($"/internal/share/t/{open}")).JsonAsync();
        Assert.Equal($"{ProfileFixture.PublicUrl}/t/{open}", (string)shared["url"]!);
        var own = await (await owner.GetAsync($"/api/wall/{secret}")).JsonAsync();
        Assert.Equal((null, null, "private"), ((string?)own["cover"], (string?)own["audio"], (string)own["visibility"]!));
    }

    [Fact]
    public async Task Claim_WhenTold_StandsOnTheClaimersWallWithTheArtistAndTheArtistHears()
    {
        var (artist, claimer) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var id = await TrackAsync(artist);
        var claim = new TrackClaimed { EventId = Guid.CreateVersion7(), GenerationId = id, ClaimedBy = claimer.Id, ContributedBy = artist.Id, Title = "song", Sequence = 4, OccurredAt = fixture.Clock.GetUtcNow() };
        await PublishAsync(claim);
        await PublishAsync(claim);
        using var client = fixture.Client(claimer.AccessToken);
        var card = await Eventually.GetAsync(async () => (await ItemsAsync(client, $"/api/profiles/{claimer.Username}/wall?view=collabs")).SingleOrDefault(), "the claim is on the wall");
        Assert.Equal((artist.Username, "collab", true), ((string)card["artist"]!["username"]!, (string)card["kind"]!, (bool)card["claimed"]!));
        using var owner = fixture.Client(artist.AccessToken);
        var told = (await ItemsAsync(owner, "/api/notifications")).Where(n => (string)n["kind"]! == "track-claimed");
        Assert.Equal(claimer.Username, (string)Assert.Single(told)["actors"]![0]!["username"]!);
    }

    [Fact]
    public async Task Wall_WhenPaged_ShowsPinnedFirstAndEachOnceInEverySort()
    {
        var artist = await fixture.RegisterAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            ids.Add(await TrackAsync(artist, title: i % 2 == 0 ? $"even {i}" : $"odd_{i}"));
        }

        using var owner = fixture.Client((string)(await (await fixture.Client().LoginAsync(artist.Email, ProfileFixture.Password)).JsonAsync())["accessToken"]!);
        foreach (var id in ids.Take(6))
            (await owner.PatchAsJsonAsync($"/api/wall/{id}", new { pinned = id == ids[0] || id == ids[1] })).EnsureSuccessStatusCode();
        foreach (var sort in (string[])["recent", "oldest", "popular", "plays"])
        {
            var seen = new List<Guid>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await (await owner.GetAsync($"/api/profiles/{artist.Username}/wall?sort={sort}&limit=2&cursor={cursor}")).JsonAsync();
                seen.AddRange(page["items"]!.AsArray().Select(c => (Guid)c!["id"]!));
                cursor = (string?)page["nextCursor"];
            }

            Assert.Equal(ids.Order(), seen.Order());
            if (sort == "recent")
                Assert.Equal([ids[1], ids[0], .. ids.Skip(2).Reverse()], seen);
            if (sort == "oldest")
                Assert.Equal(ids, seen);
        }

        Assert.Equal(3, (await IdsAsync(owner, artist, "q=ODD_")).Count);
        Assert.Empty(await IdsAsync(owner, artist, "genre=polka"));
        foreach (var bad in (string[])["view=x", "sort=x", "cursor=x", "limit=0", $"genre={new string('g', 400)}", $"q={new string('q', 400)}"])
            await (await owner.GetAsync($"/api/profiles/{artist.Username}/wall?{bad}")).IsProblemAsync(400, "validation");
        foreach (var id in ids.Skip(2).Take(4))
            (await owner.PatchAsJsonAsync($"/api/wall/{id}", new { pinned = true })).EnsureSuccessStatusCode();
        await (await owner.PatchAsJsonAsync($"/api/wall/{ids[6]}", new { pinned = true })).IsProblemAsync(409, "too-many-pinned");
    }

    [Fact]
    public async Task Patch_WhenTheCreationIsAnothers_Is404()
    {
        var id = await TrackAsync(await fixture.RegisterAsync());
        using var stranger = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await stranger.PatchAsJsonAsync($"/api/wall/{id}", new { archived = true })).IsProblemAsync(404, "not-found");
        await (await stranger.PatchAsJsonAsync("/api/wall", new { ids = new[] { id }, archived = true })).IsProblemAsync(404, "not-found");
        await (await stranger.PatchAsJsonAsync("/api/wall", new { ids = Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()), archived = true })).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Follow_WhenFollowed_FillsTheFeedAndTellsOnce()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var (open, _) = (await TrackAsync(artist), await TrackAsync(artist, Visibility.Private));
        using var client = fixture.Client(fan.AccessToken);
        Assert.Empty(await ItemsAsync(client, "/api/feed"));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync($"/api/profiles/{artist.Username}/follow", null)).StatusCode);
        await (await client.PostAsync($"/api/profiles/{fan.Username}/follow", null)).IsProblemAsync(409, "own-profile");
        Assert.Equal(open, (Guid)Assert.Single(await ItemsAsync(client, "/api/feed"))["id"]!);
        Assert.Equal(fan.Username, (string)Assert.Single(await ItemsAsync(client, $"/api/profiles/{artist.Username}/followers"))["username"]!);
        Assert.Equal(artist.Username, (string)Assert.Single(await ItemsAsync(client, $"/api/profiles/{fan.Username}/following"))["username"]!);
        var profile = await (await client.GetAsync($"/api/profiles/{artist.Username}")).JsonAsync();
        Assert.Equal((true, 1L, 1L), ((bool)profile["followedByMe"]!, (long)profile["stats"]!["followers"]!, (long)profile["stats"]!["tracks"]!));
        using var owner = fixture.Client(artist.AccessToken);
        Assert.Single(await ItemsAsync(owner, "/api/notifications"), n => (string)n["kind"]! == "followed");
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/profiles/{artist.Username}/follow")).StatusCode);
        Assert.Empty(await ItemsAsync(client, "/api/feed"));
    }

    [Fact]
    public async Task Comments_WhenMadeChangedAndDeleted_ObeyWhoseTheyAre()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var id = await TrackAsync(artist);
        using var writer = fixture.Client(fan.AccessToken);
        using var owner = fixture.Client(artist.AccessToken);
        using var stranger = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await writer.PostAsJsonAsync($"/api/wall/{id}/comments", new { text = " " })).IsProblemAsync(400, "validation");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/wall/{id}/comments") { Content = JsonContent.Create(new { text = "¡qué bonito! 🎸" }) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var comment = (Guid)(await (await writer.SendAsync(request)).JsonAsync())["id"]!;
        var edited = await (await writer.PatchAsJsonAsync($"/api/wall/comments/{comment}", new { text = "precioso" })).JsonAsync();
        Assert.Equal(("precioso", true), ((string)edited["text"]!, edited["editedAt"] is not null));
        await (await stranger.PatchAsJsonAsync($"/api/wall/comments/{comment}", new { text = "no" })).IsProblemAsync(403, "not-yours");
        await (await stranger.DeleteAsync($"/api/wall/comments/{comment}")).IsProblemAsync(403, "not-yours");
        Assert.Equal(1, (int)(await (await stranger.GetAsync($"/api/wall/{id}")).JsonAsync())["counts"]!["comments"]!);
        Assert.Single(await ItemsAsync(owner, "/api/notifications"), n => (string)n["kind"]! == "track-commented");
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"/api/wall/comments/{comment}")).StatusCode);
        Assert.Empty(await ItemsAsync(stranger, $"/api/wall/{id}/comments"));
        await (await writer.PostAsJsonAsync($"/api/wall/{Guid.NewGuid()}/comments", new { text = "x" })).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Notification_OfAComment_SaysWhatTheCommentSaysNow()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var id = await TrackAsync(artist);
        using var writer = fixture.Client(fan.AccessToken);
        using var owner = fixture.Client(artist.AccessToken);
        var comment = await writer.CommentAsync(id, "first words");
        Assert.Equal("first words", await ToldAsync());
        await (await writer.PatchAsJsonAsync($"/api/wall/comments/{comment}", new { text = "second thoughts" })).IsAsync(200);
        Assert.Equal("second thoughts", await ToldAsync());
        await fixture.ScalarAsync<object>("UPDATE comments SET hidden_at = now() WHERE id = $1", comment);
        Assert.Null(await ToldAsync());
        await fixture.ScalarAsync<object>("UPDATE comments SET hidden_at = NULL WHERE id = $1", comment);
        Assert.Equal("second thoughts", await ToldAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await writer.DeleteAsync($"/api/wall/comments/{comment}")).StatusCode);
        Assert.Null(await ToldAsync());
        Assert.False(await fixture.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM notifications n WHERE to_jsonb(n)::text ~ 'first words|second thoughts')"));

        async Task<string?> ToldAsync() => (string?)Assert.Single(await owner.ToldAsync(id), n => (string)n["kind"]! == "track-commented")["detail"];
    }

    [Fact]
    public async Task Badges_WhenTenTracksComeAtOnceAndAgain_AreAwardedOnce()
    {
        var artist = await fixture.RegisterAsync();
        var tracks = Enumerable.Range(0, 10).Select(_ => fixture.Completed(artist.Id, Guid.CreateVersion7(), Visibility.Public, 1)).ToList();
        await Task.WhenAll(tracks.Concat(tracks).Select(PublishAsync));
        using var client = fixture.Client(artist.AccessToken);
        await Eventually.TrueAsync(
            async () => (await (await client.GetAsync($"/api/profiles/{artist.Username}")).JsonAsync())["badges"]!.AsArray().Count == 2, "both badges are there");
        var told = (await ItemsAsync(client, "/api/notifications?limit=100")).Where(n => (string)n["kind"]! == "badge-awarded").Select(n => (string)n["detail"]!);
        Assert.Equal(["first-track", "ten-tracks"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TopTen_WhenTheRankingChangesManyTimes_IsAwardedOnceToEachOfThem_AndTheLeadersBadgeToTheLeaderAlone()
    {
        var (leader, second) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        Guid[] places = [leader.Id, second.Id];
        await Task.WhenAll(new[] { "week", "month", "all_time" }.Select(timeframe => PublishAsync(
            new RankingChanged { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow(), Sequence = 1, Timeframe = timeframe, LeaderId = leader.Id, FirstPlaces = places })));

        using var client = fixture.Client(leader.AccessToken);
        await Eventually.PassesAsync(async () =>
        {
            Assert.Equal(["ranking-leader", "top-ten"], await BadgesAsync(leader));
            Assert.Equal(["top-ten"], await BadgesAsync(second));
        });
        Assert.Equal(2, (await ItemsAsync(client, "/api/notifications")).Count(n => (string)n["kind"]! == "badge-awarded"));

        async Task<IEnumerable<string>> BadgesAsync(Member member) =>
            (await (await client.GetAsync($"/api/profiles/{member.Username}")).JsonAsync())["badges"]!.AsArray().Select(b => (string)b!["badge"]!).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Stream_WhenSomethingHappens_TellsItAndResumesAfterTheLastSeen()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var owner = fixture.Client(artist.AccessToken);
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var stream = owner.ReadEventsAsync("/api/notifications/stream", null, over.Token).GetAsyncEnumerator(over.Token);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("snapshot", stream.Current.Kind);
        await TrackAsync(artist);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("notification", stream.Current.Kind);
        var seen = stream.Current.Id;
        using var client = fixture.Client(fan.AccessToken);
        await client.PostAsync($"/api/profiles/{artist.Username}/follow", null);

        await foreach (var e in owner.ReadEventsAsync("/api/notifications/stream", seen, over.Token))
        {
            if (e.Kind == "notification" && (string)JsonNode.Parse(e.Data)!["kind"]! == "followed")
                break;
        }

        var all = await (await owner.PostAsJsonAsync("/api/notifications/read", new { })).JsonAsync();
        Assert.Equal(0, (int)all["unread"]!);
        (await owner.PutAsJsonAsync("/api/notifications/preferences", new { muted = new[] { "followed" } })).EnsureSuccessStatusCode();
        using var other = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await other.PostAsync($"/api/profiles/{artist.Username}/follow", null);
        Assert.Equal(0, (int)(await (await owner.GetAsync("/api/notifications/unread")).JsonAsync())["unread"]!);
        await (await owner.PutAsJsonAsync("/api/notifications/preferences", new { muted = new[] { "x" } })).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Delete_WhenTheMemberHadAThousandTracks_ErasesThemInBatchesAndKeepsWhatIsInThePool()
    {
        var artist = await fixture.RegisterAsync();
        var kept = await TrackAsync(artist);
        await PublishAsync(new TrackContributed { EventId = Guid.CreateVersion7(), GenerationId = kept, UserId = artist.Id, Automatic = false, Points = 1, Sequence = 2, OccurredAt = fixture.Clock.GetUtcNow() });
        await Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT contributed FROM tracks WHERE generation_id = $1", kept), "it is contributed");
        await fixture.ScalarAsync<object>(
            """
            WITH made AS (INSERT INTO tracks (generation_id, owner_id, title, palette, peaks, visibility, completed_at, sequence, hidden, illegal, hidden_sequence, deleted, contributed, likes, likes_sequence, plays, comments)
                SELECT gen_random_uuid(), $1, 'mine', '{}', '{}', 'Private', now(), 1, false, false, 0, false, false, 0, 0, 0, 0 FROM generate_series(1, 1200) RETURNING generation_id)
            INSERT INTO wall_entries (account_id, generation_id, kind, added_at, archived, pinned) SELECT $1, generation_id, 'Music', now(), false, false FROM made
            """,
            artist.Id);
        using var client = fixture.Client(artist.AccessToken);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = ProfileFixture.Password }) };
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(request)).StatusCode);
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>("SELECT (SELECT count(*) FROM tracks WHERE owner_id = $1) + (SELECT count(*) FROM wall_entries WHERE account_id = $1)", artist.Id) == 0,
            "nothing is left");
        using var anonymous = fixture.Client();
        var card = await (await anonymous.GetAsync($"/api/wall/{kept}")).Content.ReadAsStringAsync();
        Assert.DoesNotContain(artist.Username, card, StringComparison.Ordinal);
    }

    private Task PublishAsync(Event e) => fixture.Bus.PublishAllAsync([e]);

    private Task<Guid> TrackAsync(Member artist, Visibility visibility = Visibility.Public, string title = "song") => fixture.CompleteTrackAsync(artist, visibility, title);

    private GenerationUpdated Updated(Guid owner, Guid id, string title, Visibility visibility, long sequence) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = fixture.Clock.GetUtcNow(),
        Sequence = sequence,
        GenerationId = id,
        UserId = owner,
        Title = title,
        Visibility = visibility,
        Bytes = 1000,
    };

    private static async Task<List<Guid>> IdsAsync(HttpClient client, Member owner, string query = "") =>
        [.. (await ItemsAsync(client, $"/api/profiles/{owner.Username}/wall?{query}")).Select(c => (Guid)c["id"]!)];

    private static async Task<List<JsonNode>> ItemsAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return [.. JsonNode.Parse(text)!["items"]!.AsArray().Select(i => i!)];
    }
}

[Trait("Category", "Unit")]
public sealed class StreaksTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Fact]
    public void Longest_WhateverTheOrder_IsTheSame() => Prop.ForAll<int[]>(offsets =>
    {
        var days = (offsets ?? []).Select(o => Today.AddDays(o % 30)).ToList();
        return Streaks.Longest(days) == Streaks.Longest(days.AsEnumerable().Reverse().Concat(days)) && Streaks.Current(days, Today) <= Streaks.Longest(days);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new[] { 0, -1, -2 }, 3)]
    [InlineData(new[] { -1, -2 }, 2)]
    [InlineData(new[] { -2, -3 }, 0)]
    [InlineData(new int[0], 0)]
    public void Current_WhenTodayIsStillOpen_EndsYesterday(int[] offsets, int streak) => Assert.Equal(streak, Streaks.Current(offsets.Select(Today.AddDays), Today));
}
