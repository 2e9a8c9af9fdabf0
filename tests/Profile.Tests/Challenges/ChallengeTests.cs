using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Challenges;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests.Challenges;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class ChallengeTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Challenge_FromItsThemeToItsWinners_IsBlindUntilItClosesAndSharesThePlaceOfTies()
    {
        var id = await CreateAsync(opensIn: TimeSpan.FromDays(1));
        var members = await ManyAsync(5);
        var tracks = await Task.WhenAll(members.Take(4).Select(m => fixture.CompleteTrackAsync(m)));
        var early = await (await EnterAsync(members[0], id, tracks[0])).IsProblemAsync(409, "challenge-not-open");
        Assert.Contains("It opens at ", (string)early["detail"]!, StringComparison.Ordinal);
        await PassAsync(TimeSpan.FromDays(1), members);
        Assert.Equal("open", (string)(await ChallengeAsync(id, members[0]))["status"]!);
        var entries = new List<Guid>();
        foreach (var (member, track) in members.Zip(tracks))
            entries.Add((Guid)(await (await EnterAsync(member, id, track)).IsAsync(201))["id"]!);

        // Places as they shall be: the third and the second with two votes each, the first with one, the fourth with none.
        await VoteAsync(members[0], id, entries[1]);
        await VoteAsync(members[0], id, entries[2]);
        await VoteAsync(members[3], id, entries[2]);
        await VoteAsync(members[2], id, entries[1]);
        await VoteAsync(members[1], id, entries[0]);
        await VoteAsync(members[4], id, entries[1]);

        using var anonymous = fixture.Client();
        var blind = await anonymous.ItemsAsync($"/api/challenges/{id}/entries");
        Assert.Equal(entries.AsEnumerable().Reverse(), blind.Select(e => (Guid)e["id"]!));
        Assert.All(blind, e => Assert.Equal((null, null, null), ((int?)e["votes"], (int?)e["place"], (bool?)e["mine"])));
        var open = await ChallengeAsync(id, members[0]);
        Assert.Equal((4, entries[0], entries[2], 0), ((int)open["entries"]!, (Guid)open["myEntry"]!, (Guid)open["myVote"]!, open["winners"]!.AsArray().Count));

        await PassAsync(TimeSpan.FromDays(7), members);
        await Eventually.TrueAsync(async () => (await TellingAsync(id)) == 0, "all have heard how it ended");

        Assert.Equal(
            [(entries[1], 1, 2), (entries[2], 1, 2), (entries[0], 3, 1), (entries[3], 4, 0)],
            (await anonymous.ItemsAsync($"/api/challenges/{id}/entries")).Select(e => ((Guid)e["id"]!, (int)e["place"]!, (int)e["votes"]!)));
        Assert.Equal([members[1].Username, members[2].Username], (await ChallengeAsync(id, members[4]))["winners"]!.AsArray().Select(w => (string)w!["username"]!));
        for (var n = 0; n < tracks.Length; n++)
            Assert.Equal(n is 1 or 2 ? ("challenge-won", null, true) : ("challenge-closed", n == 0 ? "3" : "4", false), await OutcomeAsync(members[n], id));
        var late = await (await VoteAnywayAsync(members[4], id, entries[0])).IsProblemAsync(409, "challenge-not-open");
        Assert.Contains("It closed at ", (string)late["detail"]!, StringComparison.Ordinal);
        await (await EnterAsync(members[4], id, await fixture.CompleteTrackAsync(members[4]))).IsProblemAsync(409, "challenge-not-open");
    }

    [Theory]
    [InlineData("private")]
    [InlineData("hidden")]
    [InlineData("deleted")]
    public async Task Entry_WhenItsTrackIsNoLongerPublic_IsWithdrawnForGoodAndItsVotesAreVoid(string how)
    {
        var id = await CreateAsync();
        var (artist, rival, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        var entry = (Guid)(await (await EnterAsync(artist, id, track)).IsAsync(201))["id"]!;
        var other = (Guid)(await (await EnterAsync(rival, id, await fixture.CompleteTrackAsync(rival))).IsAsync(201))["id"]!;
        await VoteAsync(fan, id, entry);

        switch (how)
        {
            case "private":
                await fixture.Bus.PublishAsync(Updated(artist, track, Visibility.Private, 2));
                break;
            case "hidden":
                await fixture.Bus.PublishAsync(
                    new TrackHidden { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow(), GenerationId = track, UserId = artist.Id, Reason = "stolen", Sequence = 2 });
                break;
            default:
                await fixture.Bus.PublishAsync(new GenerationDeleted { EventId = Guid.CreateVersion7(), OccurredAt = fixture.Clock.GetUtcNow(), GenerationId = track, UserId = artist.Id, Bytes = 1000, Sequence = 2 });
                break;
        }

        using var client = fixture.Client(fan.AccessToken);
        await Eventually.TrueAsync(async () => (await client.ItemsAsync($"/api/challenges/{id}/entries")).Count == 1, "it is withdrawn");
        var seen = await ChallengeAsync(id, fan);
        Assert.Equal((1, null), ((int)seen["entries"]!, (Guid?)seen["myVote"]));
        await (await VoteAnywayAsync(fan, id, entry)).IsProblemAsync(404, "not-found");
        if (how == "private")
        {
            await fixture.Bus.PublishAsync(Updated(artist, track, Visibility.Public, 3));
            await Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT listed FROM tracks WHERE generation_id = $1", track), "it is public again");
            Assert.Single(await client.ItemsAsync($"/api/challenges/{id}/entries"));
        }

        var again = (Guid)(await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201))["id"]!;
        Assert.Equal([again, other], (await client.ItemsAsync($"/api/challenges/{id}/entries")).Select(e => (Guid)e["id"]!));
    }

    [Fact]
    public async Task Entry_WhenItIsNotOnesOwnOrNotPublicOrASecond_IsRefused()
    {
        var id = await CreateAsync();
        var (artist, stranger) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var (open, secret, unlisted) = (await fixture.CompleteTrackAsync(artist), await fixture.CompleteTrackAsync(artist, Visibility.Private), await fixture.CompleteTrackAsync(artist, Visibility.Unlisted));

        await (await EnterAsync(stranger, id, open)).IsProblemAsync(403, "not-yours");
        await (await EnterAsync(stranger, id, secret)).IsProblemAsync(404, "not-found");
        await (await EnterAsync(artist, id, secret)).IsProblemAsync(409, "not-public");
        await (await EnterAsync(artist, id, unlisted)).IsProblemAsync(409, "not-public");
        await (await EnterAsync(artist, id, Guid.NewGuid())).IsProblemAsync(404, "not-found");
        await (await EnterAsync(artist, Guid.NewGuid(), open)).IsProblemAsync(404, "not-found");
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EnterAsync(artist, id, open)));
        var entry = (Guid)(await Assert.Single(tries, t => t.StatusCode == HttpStatusCode.Created).IsAsync(201))["id"]!;
        foreach (var refused in tries.Where(t => t.StatusCode != HttpStatusCode.Created))
            await refused.IsProblemAsync(409, "already-entered");
        await (await VoteAnywayAsync(artist, id, entry)).IsProblemAsync(403, "own-entry");
        await (await VoteAnywayAsync(stranger, id, Guid.NewGuid())).IsProblemAsync(404, "not-found");
        await (await VoteAnywayAsync(stranger, await CreateAsync(), entry)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Vote_WhenOneMemberVotesManyTimesAtOnce_CountsOnce()
    {
        var id = await CreateAsync(closesAfter: TimeSpan.FromHours(1));
        var artists = await ManyAsync(2);
        var entries = new List<Guid>();
        foreach (var artist in artists)
            entries.Add((Guid)(await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201))["id"]!);
        var fan = await fixture.RegisterAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => VoteAsync(fan, id, entries[n % 2])));
        await VoteAsync(fan, id, entries[1]);
        await PassAsync(TimeSpan.FromHours(1), artists);

        using var anonymous = fixture.Client();
        Assert.Equal([(entries[1], 1), (entries[0], 0)], (await anonymous.ItemsAsync($"/api/challenges/{id}/entries")).Select(e => ((Guid)e["id"]!, (int)e["votes"]!)));
    }

    [Fact]
    public async Task Close_WhenReplicasDoItAtOnceAndATellingIsCutOff_TellsEachOnceAndAwardsOneBadge()
    {
        var id = await CreateAsync(closesAfter: TimeSpan.FromHours(1));
        var artists = await ManyAsync(3);
        var entries = new List<Guid>();
        foreach (var artist in artists)
            entries.Add((Guid)(await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201))["id"]!);
        await VoteAsync(artists[1], id, entries[0]);
        await using var replica = await ServiceHost<Program>.StartAsync("profile", Settings, fixture.Clock, fixture.Profile);

        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var workers = new[] { fixture.Profile.Services, replica.Services }.Select(s => s.GetRequiredService<ChallengeWorker>()).ToList();
        for (var round = 0; round < 10; round++)
            workers.ForEach(w => w.Wake());
        await Eventually.TrueAsync(async () => await ClosedAsync(id) && await TellingAsync(id) == 0, "all have heard it");
        // As if the process had died before it wrote down whom it had told: what it had told is gone with it.
        await fixture.ScalarAsync<object>(
            "WITH gone AS (DELETE FROM notifications WHERE subject_id = $1 AND account_id = $2) UPDATE challenge_entries SET told = false WHERE challenge_id = $1 AND account_id = $2", id, artists[2].Id);
        workers.ForEach(w => w.Wake());
        await Eventually.TrueAsync(async () => await TellingAsync(id) == 0, "the one who was forgotten hears it");

        for (var n = 0; n < artists.Count; n++)
            Assert.Equal(n == 0 ? ("challenge-won", null, true) : ("challenge-closed", "2", false), await OutcomeAsync(await AgainAsync(artists[n]), id));
    }

    [Fact]
    public async Task Close_WhenNobodyVoted_HasNoWinner()
    {
        var id = await CreateAsync(closesAfter: TimeSpan.FromHours(1));
        var artist = await fixture.RegisterAsync();
        await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201);

        await PassAsync(TimeSpan.FromHours(1), [artist]);
        await Eventually.TrueAsync(async () => await TellingAsync(id) == 0, "it is told");

        Assert.Equal(("challenge-closed", "1", false), await OutcomeAsync(await AgainAsync(artist), id));
        Assert.Empty((await ChallengeAsync(id, await AgainAsync(artist)))["winners"]!.AsArray());
    }

    [Fact]
    public async Task Theme_WhenItHasStarted_CanOnlyBeCancelledAndThatIsTold()
    {
        var boss = await fixture.RegisterOperatorAsync();
        using var desk = fixture.Client(boss.AccessToken);
        var id = await CreateAsync(opensIn: TimeSpan.FromMinutes(5));
        var opens = fixture.Clock.GetUtcNow() + TimeSpan.FromMinutes(7);
        var changed = await (await desk.PatchAsJsonAsync($"/api/admin/challenges/{id}", new { title = "Rain", opensAt = opens })).IsAsync(200);
        Assert.Equal(("Rain", TimeSpan.FromDays(7), "scheduled"), ((string)changed["title"]!, (DateTimeOffset)changed["closesAt"]! - (DateTimeOffset)changed["opensAt"]!, (string)changed["status"]!));
        fixture.Clock.Advance(TimeSpan.FromMinutes(7));
        await (await desk.PatchAsJsonAsync($"/api/admin/challenges/{id}", new { title = "Snow" })).IsProblemAsync(409, "challenge-started");
        await OpenedAsync(id);
        var artist = await fixture.RegisterAsync();
        await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201);

        for (var again = 0; again < 2; again++)
            Assert.Equal(("cancelled", "too wet"), Cancelled(await (await desk.PostAsJsonAsync($"/api/admin/challenges/{id}/cancel", new { reason = again == 0 ? "too wet" : "too dry" })).IsAsync(200)));

        await Eventually.TrueAsync(async () => await TellingAsync(id) == 0, "who takes part is told");
        Assert.Equal(("challenge-cancelled", "too wet", false), await OutcomeAsync(artist, id));
        using var anonymous = fixture.Client();
        Assert.DoesNotContain(await anonymous.ItemsAsync("/api/challenges?limit=100"), c => (Guid)c["id"]! == id);
        Assert.Contains(await desk.ItemsAsync("/api/admin/challenges?status=cancelled&limit=100"), c => (Guid)c["id"]! == id);

        static (string Status, string Reason) Cancelled(JsonNode challenge) => ((string)challenge["status"]!, (string)challenge["cancelReason"]!);
    }

    [Theory]
    [InlineData("""{"description":"x"}""")]
    [InlineData("""{"title":" ","description":"x"}""")]
    [InlineData("""{"title":"a\nb","description":"x"}""")]
    [InlineData("""{"title":"\ud800","description":"x"}""")]
    [InlineData("""{"title":"a","description":"x","opensAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"title":"a","description":"x","opensAt":"9999-12-31T23:59:59Z"}""")]
    [InlineData("""{"title":"a","description":"x","closesAt":"9999-12-31T23:59:59Z"}""")]
    [InlineData("""{"title":"a","description":"x","closesAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"title":"a","description":"x","opensAt":"tomorrow"}""")]
    [InlineData("""{"title":"a\u0000","description":"x"}""")]
    public async Task Theme_WhenTheRequestIsWrong_Is400(string json)
    {
        using var desk = fixture.Client((await fixture.RegisterOperatorAsync()).AccessToken);

        var made = await desk.PostAsync("/api/admin/challenges", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        var id = await CreateAsync(opensIn: TimeSpan.FromDays(1));
        var changed = await desk.PatchAsync($"/api/admin/challenges/{id}", new StringContent(json.Replace("\"description\":\"x\"", "\"description\":\" \"", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (made.StatusCode, changed.StatusCode));
    }

    [Fact]
    public async Task Lists_WhenPaged_ShowEachOnceInOrder()
    {
        var ids = new List<Guid>();
        for (var n = 0; n < 5; n++)
            ids.Add(await CreateAsync(opensIn: TimeSpan.FromDays(100 + (n / 2))));
        var open = await CreateAsync();
        var entries = new List<Guid>();
        foreach (var artist in await ManyAsync(5))
            entries.Add((Guid)(await (await EnterAsync(artist, open, await fixture.CompleteTrackAsync(artist))).IsAsync(201))["id"]!);
        using var anonymous = fixture.Client();

        Assert.Equal(entries.OrderDescending(), await AllAsync(anonymous, $"/api/challenges/{open}/entries?limit=2"));
        Assert.Equal(
            ids.Select((id, n) => (Opens: n / 2, id)).OrderByDescending(c => c).Select(c => c.id), (await AllAsync(anonymous, "/api/challenges?status=scheduled&limit=2")).Where(ids.Contains));
        foreach (var bad in (string[])["status=x", "status=1", "cursor=x", "limit=101"])
            await (await anonymous.GetAsync($"/api/challenges?{bad}")).IsProblemAsync(400, "validation");
        await (await anonymous.GetAsync($"/api/challenges/{open}/entries?cursor=x")).IsProblemAsync(400, "validation");
        await (await anonymous.GetAsync($"/api/challenges/{Guid.NewGuid()}/entries")).IsProblemAsync(404, "not-found");
        await (await anonymous.PutAsJsonAsync($"/api/challenges/{open}/vote", new { entryId = entries[0] })).IsProblemAsync(401, "unauthorized");
        using var member = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await member.PostAsJsonAsync("/api/admin/challenges", new { title = "mine", description = "x" })).IsProblemAsync(403, "forbidden");
        await (await member.PutAsJsonAsync($"/api/challenges/{open}/vote", new { })).IsProblemAsync(400, "validation");
        await (await member.PostAsJsonAsync($"/api/challenges/{open}/entries", new { })).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Leave_WhenAMemberTookPart_TheirEntryAndVoteGoWithThemAndWereInTheirExport()
    {
        var id = await CreateAsync();
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var entry = (Guid)(await (await EnterAsync(artist, id, await fixture.CompleteTrackAsync(artist))).IsAsync(201))["id"]!;
        await (await EnterAsync(fan, id, await fixture.CompleteTrackAsync(fan))).IsAsync(201);
        await VoteAsync(fan, id, entry);

        Assert.Equal("A theme", (string)Assert.Single(await fixture.ExportedAsync(fan, "challenge-entry"))["challenge"]!);
        Assert.Equal(entry, (Guid)Assert.Single(await fixture.ExportedAsync(fan, "challenge-vote"))["entryId"]!);
        using var client = fixture.Client(fan.AccessToken);
        await client.LeaveAsync();

        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>(
                "SELECT (SELECT count(*) FROM challenge_entries WHERE account_id = $1) + (SELECT count(*) FROM challenge_votes WHERE voter_id = $1)", fan.Id) == 0,
            "nothing of theirs is left");
        Assert.Equal(1, (int)(await ChallengeAsync(id, artist))["entries"]!);
    }

    private static IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Alvae:FounderEmail"] = ProfileFixture.FounderEmail,
        ["PUBLIC_URL"] = ProfileFixture.PublicUrl,
        ["Media:SigningKey"] = Convert.ToBase64String(new byte[32]),
    };

    private async Task<Guid> CreateAsync(TimeSpan opensIn = default, TimeSpan? closesAfter = null)
    {
        using var desk = fixture.Client((await fixture.RegisterOperatorAsync()).AccessToken);
        var opensAt = fixture.Clock.GetUtcNow() + opensIn;
        using var made = await desk.PostAsJsonAsync("/api/admin/challenges", new { title = "A theme", description = "Make something of it.", opensAt, closesAt = opensAt + (closesAfter ?? TimeSpan.FromDays(7)) });
        var id = (Guid)(await made.IsAsync(201))["id"]!;
        if (opensIn == default)
            await OpenedAsync(id);
        return id;
    }

    private Task OpenedAsync(Guid id) => Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT status = 'Open' FROM challenges WHERE id = $1", id), "it is open");

    private Task<bool> ClosedAsync(Guid id) => fixture.ScalarAsync<bool>("SELECT status = 'Closed' FROM challenges WHERE id = $1", id);

    private Task<long> TellingAsync(Guid id) => fixture.ScalarAsync<long>("SELECT count(*) FROM challenge_entries WHERE challenge_id = $1 AND NOT told AND NOT withdrawn", id);

    /// <summary>Time passes, the worker does its round, and the members sign in again: access tokens end after 15 minutes.</summary>
    private async Task PassAsync(TimeSpan time, IList<Member> members)
    {
        fixture.Clock.Advance(time);
        fixture.Profile.Services.GetRequiredService<ChallengeWorker>().Wake();
        var now = fixture.Clock.GetUtcNow();
        await Eventually.TrueAsync(
            () => fixture.ScalarAsync<bool>(
                "SELECT NOT EXISTS (SELECT FROM challenges WHERE (status = 'Scheduled' AND opens_at <= $1) OR (status = 'Open' AND closes_at <= $1))", now),
            "what is due has happened");
        for (var n = 0; n < members.Count; n++)
            members[n] = await AgainAsync(members[n]);
    }

    private async Task<Member> AgainAsync(Member member)
    {
        using var client = fixture.Client();
        return member with { AccessToken = (string)(await (await client.LoginAsync(member.Email, ProfileFixture.Password)).IsAsync(200))["accessToken"]! };
    }

    private async Task<IList<Member>> ManyAsync(int count)
    {
        var members = new List<Member>();
        for (var n = 0; n < count; n++)
            members.Add(await fixture.RegisterAsync());
        return members;
    }

    private async Task<HttpResponseMessage> EnterAsync(Member member, Guid challenge, Guid generationId)
    {
        // Ids go by time, and the clock stands.
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using var client = fixture.Client(member.AccessToken);
        return await client.PostAsJsonAsync($"/api/challenges/{challenge}/entries", new { generationId });
    }

    private async Task VoteAsync(Member member, Guid challenge, Guid entry) => await (await VoteAnywayAsync(member, challenge, entry)).IsAsync(200);

    private async Task<HttpResponseMessage> VoteAnywayAsync(Member member, Guid challenge, Guid entryId)
    {
        using var client = fixture.Client(member.AccessToken);
        return await client.PutAsJsonAsync($"/api/challenges/{challenge}/vote", new { entryId });
    }

    private async Task<JsonNode> ChallengeAsync(Guid id, Member viewer)
    {
        using var client = fixture.Client(viewer.AccessToken);
        return await (await client.GetAsync($"/api/challenges/{id}")).IsAsync(200);
    }

    /// <summary>What a member was told of how it ended, once, and whether they have the badge.</summary>
    private async Task<(string Kind, string? Detail, bool Badge)> OutcomeAsync(Member member, Guid challenge)
    {
        using var client = fixture.Client(member.AccessToken);
        var told = Assert.Single(await client.ToldAsync(challenge));
        var profile = await (await client.GetAsync($"/api/profiles/{member.Username}")).IsAsync(200);
        return ((string)told["kind"]!, (string?)told["detail"], profile["badges"]!.AsArray().Any(b => (string)b!["badge"]! == "challenge-winner"));
    }

    private static async Task<List<Guid>> AllAsync(HttpClient client, string path)
    {
        var seen = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await client.GetAsync($"{path}&cursor={cursor}")).IsAsync(200);
            seen.AddRange(page["items"]!.AsArray().Select(item => (Guid)item!["id"]!));
            cursor = (string?)page["nextCursor"];
        }

        return seen;
    }

    private GenerationUpdated Updated(Member owner, Guid track, Visibility visibility, long sequence) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = fixture.Clock.GetUtcNow(),
        Sequence = sequence,
        GenerationId = track,
        UserId = owner.Id,
        Title = "song",
        Visibility = visibility,
        Bytes = 1000,
    };
}
