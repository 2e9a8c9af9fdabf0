using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Reports;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests.Reports;

[Trait("Category", "Integration")]
[Collection(ProfileCollection.Name)]
public sealed class ReportTests(ProfileFixture fixture)
{
    [Fact]
    public async Task Report_WhenManyReportOneTrackAtOnce_IsOneEntryWithTheirReasons()
    {
        var artist = await fixture.RegisterAsync();
        var track = await fixture.CompleteTrackAsync(artist, title: "stolen song");
        var reporters = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.RegisterAsync()));

        var made = await Task.WhenAll(reporters.Select(async (r, n) => (Guid)(await (await ReportAsync(r, "track", track, $"reason {n}")).IsAsync(201))["id"]!));
        var again = await (await ReportAsync(reporters[3], "track", track, "another reason")).IsAsync(200);

        var entry = await CaseAsync(Assert.Single(made.Distinct()));
        Assert.Equal(("track", track, "stolen song", artist.Username, "open", 8), (
            (string)entry["kind"]!, (Guid)entry["subjectId"]!, (string)entry["excerpt"]!, (string)entry["owner"]!["username"]!, (string)entry["status"]!, (int)entry["count"]!));
        Assert.Equal(
            reporters.Select((r, n) => (r.Username, $"reason {n}")).Order(), entry["reasons"]!.AsArray().Select(r => ((string)r!["reporter"]!["username"]!, (string)r["reason"]!)).Order());
        Assert.Equal((true, "reason 3", "open"), ((bool)again["mine"]!, (string)again["reason"]!, (string)again["status"]!));
    }

    [Fact]
    public async Task Report_WhenItIsOnesOwnOrNotToBeSeen_IsRefused()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        var (open, secret) = (await fixture.CompleteTrackAsync(artist), await fixture.CompleteTrackAsync(artist, Visibility.Private));
        using var owner = fixture.Client(artist.AccessToken);
        var comment = await owner.CommentAsync(secret, "only for me");

        await (await ReportAsync(artist, "track", open, "mine")).IsProblemAsync(403, "own-content");
        await (await ReportAsync(artist, "comment", comment, "mine")).IsProblemAsync(403, "own-content");
        await (await ReportAsync(artist, "profile", artist.Id, "mine")).IsProblemAsync(403, "own-content");
        await (await ReportAsync(fan, "track", secret, "bad")).IsProblemAsync(404, "not-found");
        await (await ReportAsync(fan, "comment", comment, "bad")).IsProblemAsync(404, "not-found");
        await (await ReportAsync(fan, "profile", open, "bad")).IsProblemAsync(404, "not-found");
        using var anonymous = fixture.Client();
        await (await anonymous.PostAsJsonAsync("/api/reports", new { kind = "track", id = open, reason = "x" })).IsProblemAsync(401, "unauthorized");
    }

    [Theory]
    [InlineData("""{"kind":"track","id":"01890000-0000-7000-8000-000000000000","reason":" "}""")]
    [InlineData("""{"kind":"track","id":"01890000-0000-7000-8000-000000000000","reason":"\ud800"}""")]
    [InlineData("""{"kind":"track","reason":"bad"}""")]
    [InlineData("""{"id":"01890000-0000-7000-8000-000000000000","reason":"bad"}""")]
    [InlineData("""{"kind":"song","id":"01890000-0000-7000-8000-000000000000","reason":"bad"}""")]
    [InlineData("""{"kind":1,"id":"01890000-0000-7000-8000-000000000000","reason":"bad"}""")]
    [InlineData("""{"kind":"track","id":"7","reason":"bad"}""")]
    [InlineData("""{"kind":"track","id":"01890000-0000-7000-8000-000000000000","reason":"a\u0000"}""")]
    public async Task Report_WhenTheRequestIsWrong_Is400(string json)
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        await (await client.PostAsync("/api/reports", body)).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Report_WhenTheDaysReportsAreSpent_WaitsForTheNextDay()
    {
        var (artist, fan) = (await fixture.RegisterAsync(), await fixture.RegisterAsync());
        using var owner = fixture.Client(artist.AccessToken);
        var track = await fixture.CompleteTrackAsync(artist);
        var comments = new List<Guid>();
        for (var n = 0; n < 21; n++)
            comments.Add(await owner.CommentAsync(track, $"spam {n}"));

        var answers = await Task.WhenAll(comments.Select(comment => ReportAsync(fan, "comment", comment, "spam")));

        var refused = Assert.Single(answers, a => a.StatusCode != HttpStatusCode.Created);
        await refused.IsProblemAsync(429, "too-many-reports");
        Assert.Equal(TimeSpan.FromDays(1), refused.Headers.RetryAfter!.Delta);
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        await (await ReportAsync(await AgainAsync(fan), "comment", comments[Array.IndexOf(answers, refused)], "spam")).IsAsync(201);
    }

    [Fact]
    public async Task Hide_WhenATrackWasReported_AsksGenerationAndTellsBothSidesOnce()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist, title: "stolen song");
        using var owner = fixture.Client(artist.AccessToken);
        using var reporter = fixture.Client(fan.AccessToken);
        var report = (Guid)(await (await ReportAsync(fan, "track", track, "he stole it from me")).IsAsync(201))["id"]!;
        await (await owner.GetAsync($"/api/reports/{report}")).IsProblemAsync(404, "not-found");

        var decided = await (await ResolveAsync(boss, report, "hide", "illegal")).IsAsync(200);

        Assert.Equal(("hidden", "hide", "illegal", boss.Username), (
            (string)decided["status"]!, (string)decided["history"]![0]!["action"]!, (string)decided["history"]![0]!["reason"]!, (string)decided["history"]![0]!["operator"]!["username"]!));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<ModerateTrack>().Any(m => m.GenerationId == track && m is { Hidden: true, Reason: ModerateTrack.Illegal } && m.ReportId == report)),
            "generation is asked");
        await fixture.Bus.PublishAsync(new TrackHidden
        {
            EventId = Guid.CreateVersion7(),
            OccurredAt = fixture.Clock.GetUtcNow(),
            GenerationId = track,
            UserId = artist.Id,
            Reason = "illegal",
            ReportId = report,
            Sequence = 2
        });
        await Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("SELECT hidden AND illegal FROM tracks WHERE generation_id = $1", track), "it is hidden");
        var told = Assert.Single(await owner.ToldAsync(report));
        Assert.Equal(("content-hidden", "stolen song", "illegal"), ((string)told["kind"]!, (string)told["title"]!, (string)told["detail"]!));
        Assert.Equal("track-completed", (string)Assert.Single(await owner.ToldAsync(track))["kind"]!);
        Assert.Equal("report-accepted", (string)Assert.Single(await reporter.ToldAsync(report))["kind"]!);
        var (theirs, mine) = (await (await owner.GetAsync($"/api/reports/{report}")).IsAsync(200), await (await reporter.GetAsync($"/api/reports/{report}")).IsAsync(200));
        Assert.Equal(("hidden", "illegal"), ((string)theirs["status"]!, (string)theirs["decision"]!["reason"]!));
        Assert.Equal(("hidden", null), ((string)mine["status"]!, (string?)mine["decision"]!["reason"]));
        foreach (var secret in (string[])[fan.Username, fan.Id.ToString(), "stole it from me", boss.Username])
            Assert.DoesNotContain(secret, theirs.ToJsonString() + told.ToJsonString(), StringComparison.Ordinal);
        await (await ReportAsync(fan, "track", track, "again")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Appeal_WhenItIsGranted_BringsTheTrackBackAndCanBeMadeOnce()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        using var owner = fixture.Client(artist.AccessToken);
        using var reporter = fixture.Client(fan.AccessToken);
        using var stranger = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        var report = (Guid)(await (await ReportAsync(fan, "track", track, "stolen")).IsAsync(201))["id"]!;
        await (await owner.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "no" })).IsProblemAsync(404, "not-found");
        foreach (var early in (string[])["uphold", "restore"])
            await (await ResolveAsync(boss, report, early, "not asked")).IsProblemAsync(409, "not-resolved");
        await (await ResolveAsync(boss, report, "hide", "stolen")).IsAsync(200);
        await (await ResolveAsync(boss, report, "uphold", "not asked")).IsProblemAsync(409, "not-appealed");

        await (await stranger.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "no" })).IsProblemAsync(404, "not-found");
        await (await reporter.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "no" })).IsProblemAsync(403, "not-yours");
        await (await owner.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = " " })).IsProblemAsync(400, "validation");
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => owner.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = $"It is mine {n}" })));

        var appeal = (string)(await Assert.Single(tries, t => t.StatusCode == HttpStatusCode.Created).IsAsync(201))["appeal"]!["text"]!;
        foreach (var refused in tries.Where(t => t.StatusCode != HttpStatusCode.Created))
            await refused.IsProblemAsync(409, "already-appealed");
        using var desk = fixture.Client(boss.AccessToken);
        var waiting = Assert.Single(await desk.ItemsAsync($"/api/admin/reports?owner={artist.Username}"));
        Assert.Equal(("appealed", appeal), ((string)waiting["status"]!, (string)waiting["appeal"]!["text"]!));
        Assert.Equal("hidden", (string)(await (await reporter.GetAsync($"/api/reports/{report}")).IsAsync(200))["status"]!);
        await (await ResolveAsync(boss, report, "restore", "it was theirs")).IsAsync(200);

        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<ModerateTrack>().Any(m => m.GenerationId == track && !m.Hidden && m.ReportId == report)), "generation is asked to bring it back");
        Assert.Equal(["content-restored", "content-hidden"], (await owner.ToldAsync(report)).Select(n => (string)n["kind"]!));
        await (await owner.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "again" })).IsProblemAsync(409, "nothing-to-appeal");
        Assert.Equal(["restore", "hide"], (await CaseAsync(report))["history"]!.AsArray().Select(d => (string)d!["action"]!));
        await (await ResolveAsync(boss, report, "hide", "again")).IsProblemAsync(409, "already-resolved");
    }

    [Fact]
    public async Task Hide_WhenAComment_IsThereForNobodyUntilItIsRestored()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        using var owner = fixture.Client(artist.AccessToken);
        using var writer = fixture.Client(fan.AccessToken);
        var comment = await writer.CommentAsync(track, "an insult");
        var report = (Guid)(await (await ReportAsync(artist, "comment", comment, "insults me")).IsAsync(201))["id"]!;
        await (await writer.PatchAsJsonAsync($"/api/wall/comments/{comment}", new { text = "a compliment" })).IsAsync(200);

        var decided = await (await ResolveAsync(boss, report, "hide", "be kind")).IsAsync(200);

        Assert.Equal(("an insult", track), ((string)decided["excerpt"]!, (Guid)decided["creationId"]!));
        Assert.Empty(await writer.ItemsAsync($"/api/wall/{track}/comments"));
        Assert.Equal(0, await CommentsAsync(owner, track));
        await (await writer.PatchAsJsonAsync($"/api/wall/comments/{comment}", new { text = "again" })).IsProblemAsync(404, "not-found");
        await (await owner.DeleteAsync($"/api/wall/comments/{comment}")).IsProblemAsync(404, "not-found");
        await (await writer.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "it was a joke" })).IsAsync(201);
        await (await ResolveAsync(boss, report, "uphold", "it was none")).IsAsync(200);
        Assert.Equal(["appeal-rejected", "content-hidden"], (await writer.ToldAsync(report)).Select(n => (string)n["kind"]!));
        await (await ResolveAsync(boss, report, "restore", "well, it was one")).IsAsync(200);
        Assert.Equal("a compliment", (string)Assert.Single(await owner.ItemsAsync($"/api/wall/{track}/comments"))["text"]!);
        Assert.Equal(1, await CommentsAsync(owner, track));
    }

    [Fact]
    public async Task Hide_WhenAProfile_WithholdsWhatItsMemberWroteAndNeverOverwritesWhatIsWrittenLater()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        using var owner = fixture.Client(artist.AccessToken);
        await (await owner.PatchAsJsonAsync("/api/profiles/me", new { displayName = "Rude Name", bio = "rude words", links = new[] { "https://rude.example" } })).IsAsync(200);
        var report = (Guid)(await (await ReportAsync(fan, "profile", artist.Id, "rude")).IsAsync(201))["id"]!;

        var decided = await (await ResolveAsync(boss, report, "hide", "rude")).IsAsync(200);

        Assert.Equal("Rude Name\nrude words\nhttps://rude.example", (string)decided["excerpt"]!);
        Assert.Equal((artist.Username, null, 0), await ProfileAsync(artist));
        await Eventually.TrueAsync(
            () => Task.FromResult(fixture.Bus.Heard<ProfileUpdated>().Any(p => p.UserId == artist.Id && p.DisplayName == artist.Username && p.Sequence > 2)), "the other services hear it");
        await (await owner.PatchAsJsonAsync("/api/profiles/me", new { bio = "kind words" })).IsAsync(200);
        await (await ResolveAsync(boss, report, "restore", "a mistake")).IsAsync(200);
        Assert.Equal(("Rude Name", "kind words", 1), await ProfileAsync(artist));
        Assert.Equal(["content-restored", "content-hidden"], (await owner.ToldAsync(report)).Select(n => (string)n["kind"]!));
    }

    [Fact]
    public async Task Delete_WhenOperatorsHidTheComment_IsStillItsAuthors()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        using var owner = fixture.Client(artist.AccessToken);
        using var writer = fixture.Client(fan.AccessToken);
        await writer.CommentAsync(track, "kind words");
        var comment = await writer.CommentAsync(track, "an insult");
        var report = (Guid)(await (await ReportAsync(artist, "comment", comment, "insults me")).IsAsync(201))["id"]!;
        await (await ResolveAsync(boss, report, "hide", "be kind")).IsAsync(200);

        Assert.Equal(HttpStatusCode.NoContent, (await writer.DeleteAsync($"/api/wall/comments/{comment}")).StatusCode);
        await (await writer.DeleteAsync($"/api/wall/comments/{comment}")).IsProblemAsync(404, "not-found");
        await (await ResolveAsync(boss, report, "restore", "a joke")).IsAsync(200);

        Assert.Equal("kind words", (string)Assert.Single(await owner.ItemsAsync($"/api/wall/{track}/comments"))["text"]!);
        Assert.Equal(1, await CommentsAsync(owner, track));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_WhenAnotherDecisionHidesTheSameProfile_BringsNothingBackUntilTheLastIsRestored(bool atOnce)
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        using var owner = fixture.Client(artist.AccessToken);
        var reports = new List<Guid>();
        foreach (var profile in (object[])[new { displayName = "Rude Name", bio = "rude words" }, new { displayName = "Rude Name again" }])
        {
            await (await owner.PatchAsJsonAsync("/api/profiles/me", profile)).IsAsync(200);
            reports.Add((Guid)(await (await ReportAsync(fan, "profile", artist.Id, "rude")).IsAsync(201))["id"]!);
            await (await ResolveAsync(boss, reports[^1], "hide", "rude")).IsAsync(200);
        }

        await (await owner.PostAsJsonAsync($"/api/reports/{reports[1]}/appeal", new { text = "it is my name" })).IsAsync(201);
        await (await ResolveAsync(boss, reports[1], "uphold", "it is rude")).IsAsync(200);
        if (atOnce)
        {
            await Task.WhenAll(reports.Select(async report => await (await ResolveAsync(boss, report, "restore", "a mistake")).IsAsync(200)));
        }
        else
        {
            await (await ResolveAsync(boss, reports[0], "restore", "a mistake")).IsAsync(200);
            Assert.Equal((artist.Username, null, 0), await ProfileAsync(artist));
            Assert.Equal("restored", (string)(await (await owner.GetAsync($"/api/reports/{reports[0]}")).IsAsync(200))["status"]!);
            Assert.DoesNotContain(await owner.ToldAsync(reports[0]), n => (string)n["kind"]! == "content-restored");
            await (await ResolveAsync(boss, reports[1], "restore", "a mistake, too")).IsAsync(200);
        }

        Assert.Equal(("Rude Name again", "rude words", 0), await ProfileAsync(artist));
        Assert.Single((IEnumerable<JsonNode>)[.. await owner.ToldAsync(reports[0]), .. await owner.ToldAsync(reports[1])], n => (string)n["kind"]! == "content-restored");
    }

    [Fact]
    public async Task Resolve_WhenOperatorsDecideAtOnce_IsDecidedOnceAndReporterHearsOnce()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        var report = (Guid)(await (await ReportAsync(fan, "track", track, "boring")).IsAsync(201))["id"]!;

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => ResolveAsync(boss, report, n % 2 == 0 ? "dismiss" : "hide", $"reason {n}")));

        Assert.Single(tries, t => t.StatusCode == HttpStatusCode.OK);
        foreach (var refused in tries.Where(t => t.StatusCode != HttpStatusCode.OK))
            await refused.IsProblemAsync(409, "already-resolved");
        using var reporter = fixture.Client(fan.AccessToken);
        Assert.Single((await CaseAsync(report))["history"]!.AsArray());
        Assert.Single(await reporter.ToldAsync(report));
    }

    [Fact]
    public async Task Report_WhenAnEarlierOneWasDismissed_OpensAnotherThatKnowsOfItAndTheOwnerHearsNothing()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        var track = await fixture.CompleteTrackAsync(artist);
        using var owner = fixture.Client(artist.AccessToken);
        using var reporter = fixture.Client(fan.AccessToken);
        var first = (Guid)(await (await ReportAsync(fan, "track", track, "boring")).IsAsync(201))["id"]!;
        await (await ResolveAsync(boss, first, "dismiss", "that is allowed")).IsAsync(200);

        var second = (Guid)(await (await ReportAsync(fan, "track", track, "really boring")).IsAsync(201))["id"]!;

        Assert.NotEqual(first, second);
        Assert.Equal("report-dismissed", (string)Assert.Single(await reporter.ToldAsync(first))["kind"]!);
        Assert.Empty(await owner.ToldAsync(first));
        await (await owner.GetAsync($"/api/reports/{first}")).IsProblemAsync(404, "not-found");
        Assert.Equal((first, "dismiss"), ((Guid)(await CaseAsync(second))["history"]![0]!["reportId"]!, (string)(await CaseAsync(second))["history"]![0]!["action"]!));
    }

    [Fact]
    public async Task Queue_WhenFilteredAndPaged_ShowsEachOnceNewestFirst()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        using var writer = fixture.Client(artist.AccessToken);
        using var desk = fixture.Client(boss.AccessToken);
        var track = await fixture.CompleteTrackAsync(artist);
        var reports = new List<Guid>();
        for (var n = 0; n < 5; n++)
            reports.Add((Guid)(await (await ReportAsync(fan, "comment", await writer.CommentAsync(track, $"spam {n}"), "spam")).IsAsync(201))["id"]!);
        reports.Add((Guid)(await (await ReportAsync(fan, "profile", artist.Id, "spammer")).IsAsync(201))["id"]!);
        await (await ResolveAsync(boss, reports[0], "hide", "spam")).IsAsync(200);

        var seen = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await desk.GetAsync($"/api/admin/reports?owner={artist.Username}&limit=2&cursor={cursor}")).IsAsync(200);
            seen.AddRange(page["items"]!.AsArray().Select(r => (Guid)r!["id"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(reports.Skip(1).OrderDescending(), seen);
        Assert.Equal(reports[0], (Guid)Assert.Single(await desk.ItemsAsync($"/api/admin/reports?owner={artist.Username}&status=hidden"))["id"]!);
        Assert.Equal(6, (await desk.ItemsAsync($"/api/admin/reports?owner={artist.Username}&status=all")).Count);
        Assert.Equal(reports[5], (Guid)Assert.Single(await desk.ItemsAsync($"/api/admin/reports?owner={artist.Username}&kind=profile"))["id"]!);
        Assert.Empty(await desk.ItemsAsync($"/api/admin/reports?owner=no.such.member"));
        foreach (var bad in (string[])["status=x", "status=1", "kind=x", "kind=0", "cursor=x", "limit=0", "status=%00"])
            await (await desk.GetAsync($"/api/admin/reports?{bad}")).IsProblemAsync(400, "validation");
        await (await writer.GetAsync("/api/admin/reports")).IsProblemAsync(403, "forbidden");
        await (await writer.PostAsJsonAsync($"/api/admin/reports/{reports[1]}/resolve", new { action = "dismiss", reason = "no" })).IsProblemAsync(403, "forbidden");
        await (await ResolveAsync(boss, Guid.NewGuid(), "dismiss", "no")).IsProblemAsync(404, "not-found");
        await (await ResolveAsync(boss, reports[1], "explode", "no")).IsProblemAsync(400, "validation");
        await (await ResolveAsync(boss, reports[1], "dismiss", "")).IsProblemAsync(400, "validation");
        (await writer.DeleteAsync($"/api/wall/comments/{(Guid)(await CaseAsync(reports[1]))["subjectId"]!}")).EnsureSuccessStatusCode();
        await (await ResolveAsync(boss, reports[1], "hide", "spam")).IsProblemAsync(409, "subject-gone");
        await (await ResolveAsync(boss, reports[1], "dismiss", "gone")).IsAsync(200);
    }

    [Fact]
    public async Task Leave_WhenTheReporterGoes_TheReasonStaysWithoutThem_AndWhenTheOwnerGoesNothingStays()
    {
        var (artist, fan, boss) = (await fixture.RegisterAsync(), await fixture.RegisterAsync(), await fixture.RegisterOperatorAsync());
        using var owner = fixture.Client(artist.AccessToken);
        using var reporter = fixture.Client(fan.AccessToken);
        await (await owner.PatchAsJsonAsync("/api/profiles/me", new { bio = "rude words" })).IsAsync(200);
        var report = (Guid)(await (await ReportAsync(fan, "profile", artist.Id, "he is rude")).IsAsync(201))["id"]!;
        await (await ResolveAsync(boss, report, "hide", "be kind")).IsAsync(200);
        await (await owner.PostAsJsonAsync($"/api/reports/{report}/appeal", new { text = "I am kind" })).IsAsync(201);

        Assert.Equal("he is rude", (string)Assert.Single(await fixture.ExportedAsync(fan, "report"))["reason"]!);
        var exported = Assert.Single(await fixture.ExportedAsync(artist, "moderation-decision"));
        Assert.Equal(("hide", "be kind", "I am kind"), ((string)exported["action"]!, (string)exported["reason"]!, (string)exported["appeal"]!));
        Assert.Equal("rude words", (string)Assert.Single(await fixture.ExportedAsync(artist, "withheld-profile"))["bio"]!);
        await reporter.LeaveAsync();
        await Eventually.TrueAsync(
            async () => (string)(await CaseAsync(report))["reasons"]![0]!["reporter"]!["username"]! == "deleted"
                && await fixture.ScalarAsync<long>("SELECT count(*) FROM complaints WHERE reporter_id = $1", fan.Id) == 0,
            "the reporter is forgotten");
        Assert.Equal("he is rude", (string)(await CaseAsync(report))["reasons"]![0]!["reason"]!);
        await owner.LeaveAsync();
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>(
                "SELECT (SELECT count(*) FROM reports WHERE owner_id = $1) + (SELECT count(*) FROM withheld_profiles WHERE account_id = $1) + (SELECT count(*) FROM complaints WHERE report_id = $2)",
                artist.Id, report) == 0,
            "the owner is forgotten");
    }

    /// <summary>Access tokens end after 15 minutes of the clock.</summary>
    private async Task<Member> AgainAsync(Member member)
    {
        using var client = fixture.Client();
        return member with { AccessToken = (string)(await (await client.LoginAsync(member.Email, ProfileFixture.Password)).IsAsync(200))["accessToken"]! };
    }

    private async Task<HttpResponseMessage> ReportAsync(Member reporter, string kind, Guid id, string reason)
    {
        using var client = fixture.Client(reporter.AccessToken);
        return await client.PostAsJsonAsync("/api/reports", new { kind, id, reason });
    }

    private async Task<HttpResponseMessage> ResolveAsync(Member @operator, Guid report, string action, string reason)
    {
        // Ids go by time, and the clock stands.
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using var client = fixture.Client(@operator.AccessToken);
        return await client.PostAsJsonAsync($"/api/admin/reports/{report}/resolve", new { action, reason });
    }

    private async Task<JsonNode> CaseAsync(Guid report)
    {
        using var client = fixture.Client((await fixture.RegisterOperatorAsync()).AccessToken);
        return await (await client.GetAsync($"/api/admin/reports/{report}")).IsAsync(200);
    }

    private async Task<(string Name, string? Bio, int Links)> ProfileAsync(Member member)
    {
        using var client = fixture.Client();
        var profile = await (await client.GetAsync($"/api/profiles/{member.Username}")).IsAsync(200);
        return ((string)profile["displayName"]!, (string?)profile["bio"], profile["links"]!.AsArray().Count);
    }

    private static async Task<int> CommentsAsync(HttpClient client, Guid track) => (int)(await (await client.GetAsync($"/api/wall/{track}")).IsAsync(200))["counts"]!["comments"]!;
}

[Trait("Category", "Unit")]
public sealed class ReportRulesTests
{
    [Fact]
    public void After_WhateverTheActions_AnOwnerIsToldExactlyOfWhatWasHidden()
    {
        var ways = from status in Enum.GetValues<ReportStatus>() from action in Enum.GetValues<ReportAction>() let next = ReportRules.After(status, action) where next is not null select (status, action, next);

        Assert.All(ways, way => Assert.Equal(way.action != ReportAction.Dismiss, ReportRules.IsToldToOwner(way.next!.Value)));
        Assert.DoesNotContain(ways, way => way.status is ReportStatus.Dismissed or ReportStatus.Restored);
    }
}
