using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Analytics;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Integration")]
public sealed class AnalyticsTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private const string PageViewed = """[{"name":"page-viewed","properties":{"page":"pool"}}]""";

    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Activities_WhenToldTwiceAndInAnyOrder_AreKeptOnceWithoutAWordOfTheTrack()
    {
        var member = await fixture.RegisterAsync();
        var (first, second) = (Completed(member.Id, At(-2)), Completed(member.Id, At(-1)));
        await fixture.Bus.PublishAsync(second);
        await EventuallyAsync(1, "SELECT count(*) FROM analytics_events WHERE account_id = $1 AND name = 'generated'", member.Id);
        await fixture.Bus.PublishAsync(first);
        await fixture.Bus.PublishAsync(second with { EventId = Guid.CreateVersion7() });
        await fixture.Bus.PublishAsync(new TrackPlayed { EventId = Guid.CreateVersion7(), OccurredAt = At(0), Sequence = 1, GenerationId = first.GenerationId, OwnerId = Guid.NewGuid(), UserId = member.Id, Plays = 1 });

        await EventuallyAsync(4, "SELECT count(*) FROM analytics_events WHERE account_id = $1", member.Id);
        Assert.Equal(
            ["generated", "generated", "played", "signed-up"], (await fixture.ScalarAsync<string[]>("SELECT array_agg(name ORDER BY name) FROM analytics_events WHERE account_id = $1", member.Id))!);
        Assert.Equal(At(-2).UtcDateTime, await fixture.ScalarAsync<DateTime>("SELECT at FROM analytics_firsts WHERE account_id = $1 AND name = 'generated'", member.Id), TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            """{"tier": "PRO", "derived": false, "quality": "ultra", "allowance": "PAID"}""",
            await fixture.ScalarAsync<string>("SELECT properties::text FROM analytics_events WHERE id = $1", first.EventId));
    }

    [Fact]
    public async Task Entitlement_WhenTheTierIsHigher_IsAnUpgrade_AndWhenLowerNot()
    {
        var member = await fixture.RegisterAsync();
        await fixture.Bus.PublishAsync(Entitled(member.Id, Tier.Pro, 2));
        await EventuallyAsync(1, "SELECT count(*) FROM entitlements WHERE account_id = $1 AND tier = 'Pro'", member.Id);
        await fixture.Bus.PublishAsync(Entitled(member.Id, Tier.Creator, 3));
        await EventuallyAsync(1, "SELECT count(*) FROM entitlements WHERE account_id = $1 AND tier = 'Creator'", member.Id);

        Assert.Equal("""{"tier": "PRO"}""", await fixture.ScalarAsync<string>("SELECT string_agg(properties::text, ' ') FROM analytics_events WHERE account_id = $1 AND name = 'upgraded'", member.Id));
    }

    [Fact]
    public async Task Member_WhoOptsOut_LeavesNoTraceFromThatMomentOn()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(client, PageViewed)).StatusCode);
        await EventuallyAsync(2, "SELECT count(*) FROM analytics_events WHERE account_id = $1", member.Id);
        (await client.PutAsJsonAsync("/api/profiles/me/settings", new { analyticsOptOut = true })).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(client, PageViewed)).StatusCode);
        var track = Completed(member.Id, At(0));
        await fixture.Bus.PublishAsync(track);
        await EventuallyAsync(1, "SELECT count(*) FROM wall_entries WHERE generation_id = $1", track.GenerationId);

        Assert.Equal(2, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_events WHERE account_id = $1", member.Id));
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_firsts WHERE account_id = $1 AND name = 'generated'", member.Id));
    }

    [Fact]
    public async Task Member_WhoLeaves_IsForgottenAndStaysCounted()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        await PostAsync(client, PageViewed);
        await EventuallyAsync(2, "SELECT count(*) FROM analytics_firsts WHERE account_id = $1", member.Id);
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM analytics_events WHERE account_id = $1 AND name = 'page-viewed'", member.Id);

        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password = ProfileFixture.Password }) };
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(request)).StatusCode);

        await EventuallyAsync(
            0,
            """
            SELECT (SELECT count(*) FROM analytics_events WHERE account_id = $1) + (SELECT count(*) FROM analytics_firsts WHERE account_id = $1)
                + (SELECT count(*) FROM analytics_weeks WHERE account_id = $1)
            """,
            member.Id);
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_events WHERE id = $1 AND account_id IS NULL", id));
    }

    [Fact]
    public async Task Measurements_WhenTheyHoldMoreThanTheirs_KeepOnlyWhatIsListed()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var at = fixture.Clock.GetUtcNow().AddHours(-1);
        var answer = await PostAsync(client, $$"""[{"name":"page-viewed","at":"{{at.ToOffset(TimeSpan.FromHours(2)):O}}","properties":{"page":"search","status":500,"q":"my own words"},"note":"more"}]""");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("""{"page": "search"}""", await fixture.ScalarAsync<string>("SELECT properties::text FROM analytics_events WHERE account_id = $1 AND name = 'page-viewed'", member.Id));
        Assert.Equal(at.UtcDateTime, await fixture.ScalarAsync<DateTime>("SELECT at FROM analytics_events WHERE account_id = $1 AND name = 'page-viewed'", member.Id), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(1)]
    public async Task Measurements_WhenTheBrowsersClockIsWrong_CountAsNow(int hours)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        await PostAsync(client, $$$"""[{"name":"page-viewed","at":"{{{fixture.Clock.GetUtcNow().AddHours(hours):O}}}","properties":{"page":"home"}}]""");

        Assert.Equal(
            fixture.Clock.GetUtcNow().UtcDateTime,
            await fixture.ScalarAsync<DateTime>("SELECT at FROM analytics_events WHERE account_id = $1 AND name = 'page-viewed'", member.Id), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Measurements_WhenSentAgainUnderTheirKey_AreKeptOnce()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "a-beacon");
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(client, PageViewed)).StatusCode);

        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_events WHERE account_id = $1 AND name = 'page-viewed'", member.Id));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""[{}]""")]
    [InlineData("""[{"name":"signed-up","properties":{}}]""")]
    [InlineData("""[{"name":"page-viewed"}]""")]
    [InlineData("""[{"name":"page-viewed","properties":{"page":"my own words"}}]""")]
    [InlineData("""[{"name":"page-viewed","properties":{"page":1}}]""")]
    [InlineData("""[{"name":"page-viewed","properties":{"page":"\ud800"}}]""")]
    [InlineData("""[{"name":"page-viewed","at":"yesterday","properties":{"page":"home"}}]""")]
    [InlineData("""[{"name":"web-vital","properties":{"metric":"lcp","value":1e999}}]""")]
    [InlineData("""[{"name":"web-vital","properties":{"metric":"lcp","value":-1}}]""")]
    [InlineData("""[{"name":"web-vital","properties":{"metric":"lcp"}}]""")]
    [InlineData("""[{"name":"search-used","properties":{"type":"tracks","results":99999999999}}]""")]
    public async Task Measurements_OutsideTheClosedLists_Are400(string json)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        Assert.Equal(400, (int)(await PostAsync(client, json)).StatusCode);
    }

    [Theory]
    [InlineData("""[{"name":"signed-up","properties":{}}]""", "events[0].name", "One of page-viewed, web-vital, search-used, player-used, share-opened, checkout-opened, error-shown.")]
    [InlineData("""[{"name":"web-vital","properties":{"metric":"speed","value":1}}]""", "events[0].properties.metric", "One of lcp, inp, cls, fcp, ttfb.")]
    [InlineData("""[{"name":"share-opened","properties":{"target":7}}]""", "events[0].properties.target", "One of link, embed, system.")]
    public async Task Measurement_WithAnUnknownWord_IsToldWhichThereAre(string json, string field, string words)
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);

        var problem = await (await PostAsync(client, json)).IsProblemAsync(400, "validation");

        Assert.Equal(words, (string?)problem["errors"]![field]![0]);
    }

    [Fact]
    public async Task Measurements_MoreThan50AtOnce_Are400_AndOfNobody401()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(member.AccessToken);
        var one = PageViewed[1..^1];
        await (await PostAsync(client, $"[{string.Join(',', Enumerable.Repeat(one, 51))}]")).IsProblemAsync(400, "validation");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(client, $"[{string.Join(',', Enumerable.Repeat(one, 50))}]")).StatusCode);
        using var anonymous = fixture.Client();
        await (await PostAsync(anonymous, PageViewed)).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Report_OfASeededMonth_IsWhatAnIndependentQueryCounts()
    {
        var (from, to) = await SeedMonthAsync();
        await Rollup.RollUpAsync(default);

        var report = await ReportAsync(from, to);

        var days = report["days"]!.AsArray();
        Assert.Equal(to.DayNumber - from.DayNumber + 1, days.Count);
        Assert.Equal(
            await RowsAsync(
                """
                SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ' ' || name || ' ' || count(*) || ' ' || count(DISTINCT account_id) FROM analytics_events
                WHERE at >= $1 AND at < $2 GROUP BY to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), name
                """, from, to),
            days.SelectMany(d => d!["figures"]!.AsArray(), (d, f) => $"{d!["day"]} {f!["name"]} {f["events"]} {f["members"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            await RowsAsync(
                "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') || ' ' || count(DISTINCT account_id) FROM analytics_events WHERE at >= $1 AND at < $2 GROUP BY to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
                from, to),
            days.Where(d => (int)d!["activeMembers"]! > 0).Select(d => $"{d!["day"]} {d["activeMembers"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            await RowsAsync(
                """
                WITH m AS (SELECT account_id, bool_or(name = 'generated') g, bool_or(name = 'played') p, bool_or(name = 'claimed') c, bool_or(name = 'upgraded') u FROM analytics_events e
                    WHERE EXISTS (SELECT FROM analytics_events s WHERE s.account_id = e.account_id AND s.name = 'signed-up' AND s.at >= $1 AND s.at < $2) GROUP BY account_id)
                SELECT 'signed-up ' || count(*) || ' ' || count(*) FROM m UNION ALL SELECT 'generated ' || count(*) || ' ' || count(*) FROM m WHERE g
                UNION ALL SELECT 'played ' || count(*) FILTER (WHERE g) || ' ' || count(*) FROM m WHERE p
                UNION ALL SELECT 'claimed ' || count(*) FILTER (WHERE g AND p) || ' ' || count(*) FROM m WHERE c
                UNION ALL SELECT 'upgraded ' || count(*) FILTER (WHERE g AND p AND c) || ' ' || count(*) FROM m WHERE u
                """, from, to),
            report["funnel"]!.AsArray().Select(s => $"{s!["step"]} {s["members"]} {s["ever"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            await RowsAsync(
                """
                SELECT to_char(date_trunc('week', s.at AT TIME ZONE 'UTC'), 'YYYY-MM-DD') || ' ' || floor(extract(epoch FROM (e.at AT TIME ZONE 'UTC') - date_trunc('week', s.at AT TIME ZONE 'UTC')) / 604800)
                    || ' ' || count(DISTINCT e.account_id)
                FROM analytics_events s JOIN analytics_events e USING (account_id) WHERE s.name = 'signed-up' AND s.at >= $1 AND s.at < $2
                GROUP BY date_trunc('week', s.at AT TIME ZONE 'UTC'), floor(extract(epoch FROM (e.at AT TIME ZONE 'UTC') - date_trunc('week', s.at AT TIME ZONE 'UTC')) / 604800)
                """, from, to),
            report["cohorts"]!.AsArray().SelectMany(c => c!["active"]!.AsArray().Select((members, week) => (Members: (int)members!, Line: $"{c["week"]} {week} {members}")))
                .Where(c => c.Members > 0).Select(c => c.Line).Order(StringComparer.Ordinal));
        Assert.Equal((int)report["funnel"]![0]!["members"]!, report["cohorts"]!.AsArray().Sum(c => (int)c!["members"]!));
    }

    [Fact]
    public async Task Rollup_WhenSomethingIsToldLate_CountsItsDayAnew()
    {
        var member = await fixture.RegisterAsync();
        var day = DateOnly.FromDateTime(At(-24 * 200).UtcDateTime);
        foreach (var expected in (int[])[1, 2])
        {
            await RecordAsync(member.Id, Activity.Played, Guid.CreateVersion7(), At(-24 * 200));
            await Rollup.RollUpAsync(default);
            var figure = Assert.Single((await ReportAsync(day, day))["days"]![0]!["figures"]!.AsArray())!;
            Assert.Equal((expected, 1), ((int)figure["events"]!, (int)figure["members"]!));
        }
    }

    [Fact]
    public async Task Retention_After13Months_ForgetsWhatIsOlder_AndKeepsWhatIsNot()
    {
        var member = await fixture.RegisterAsync();
        var begin = fixture.Clock.GetUtcNow().AddMonths(-13);
        foreach (var at in (DateTimeOffset[])[begin.AddDays(-8), begin.AddDays(8)])
        {
            await fixture.ScalarAsync<object>("INSERT INTO analytics_events (id, account_id, name, at, properties, recorded_at) VALUES (gen_random_uuid(), $1, 'liked', $2, '{}', $2)", member.Id, at);
            await fixture.ScalarAsync<object>("INSERT INTO analytics_weeks (account_id, week) VALUES ($1, ($2::timestamptz)::date)", member.Id, at);
            await fixture.ScalarAsync<object>("INSERT INTO analytics_firsts (account_id, name, at) VALUES ($1, $2::text, $2::timestamptz)", member.Id, at);
            await fixture.ScalarAsync<object>("INSERT INTO analytics_days (day, name, events, members, rolled_at) VALUES (($1::timestamptz)::date, 'kept', 1, 1, $1)", at);
        }

        await RecordAsync(member.Id, Activity.Liked, Guid.CreateVersion7(), begin.AddDays(-1));
        await Rollup.ForgetAsync(default);

        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_events WHERE account_id = $1 AND name = 'liked'", member.Id));
        Assert.Equal(begin.AddDays(8).UtcDateTime, await fixture.ScalarAsync<DateTime>("SELECT min(at) FROM analytics_events WHERE account_id = $1", member.Id), TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_weeks WHERE account_id = $1 AND week < $2", member.Id, DateOnly.FromDateTime(begin.AddDays(20).UtcDateTime)));
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_firsts WHERE account_id = $1 AND at < $2", member.Id, begin.AddDays(20)));
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM analytics_days WHERE name = 'kept'"));
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    [InlineData("to=9999-12-31")]
    [InlineData("from=2026-02-02&to=2026-02-01")]
    [InlineData("from=2024-01-01&to=2026-01-01")]
    public async Task Report_WhenItCantBeAsked_Is400(string query)
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        await (await boss.GetAsync($"/api/admin/analytics?{query}")).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Report_WhenAskedForByAMember_IsRefused()
    {
        using var client = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        await (await client.GetAsync("/api/admin/analytics")).IsProblemAsync(403, "forbidden");
    }

    private AnalyticsRollup Rollup => fixture.Profile.Services.GetRequiredService<AnalyticsRollup>();

    /// <summary>Four weeks of sign-ups a good while ago, and what those members did since, told in any order and some of it twice.</summary>
    private async Task<(DateOnly From, DateOnly To)> SeedMonthAsync()
    {
        var random = new Random(7);
        var begin = At(-24 * 90).UtcDateTime.Date;
        var told = new List<(Guid Account, Activity Activity, Guid Id, DateTimeOffset At)>();
        for (var n = 0; n < 60; n++)
        {
            var account = (await fixture.RegisterAsync()).Id;
            var joined = new DateTimeOffset(begin, TimeSpan.Zero).AddMinutes(random.Next(28 * 24 * 60));
            told.Add((account, Activity.SignedUp, Guid.CreateVersion7(), joined));
            // Some stop at each step.
            var steps = random.Next((int)Activity.Upgraded + 1);
            for (var i = 0; steps > 0 && i < random.Next(12); i++)
                told.Add((account, (Activity)random.Next(1, steps + 1), Guid.CreateVersion7(), joined.AddMinutes(random.Next(35 * 24 * 60))));
        }

        await EventuallyAsync(told.Count(t => t.Activity == Activity.SignedUp), "SELECT count(*) FROM analytics_events WHERE account_id = ANY($1)", told.Select(t => t.Account).Distinct().ToArray());
        // Their real sign-up is of today.
        foreach (var table in (string[])["analytics_events", "analytics_firsts", "analytics_weeks"])
            await fixture.ScalarAsync<object>($"DELETE FROM {table} WHERE account_id = ANY($1)", told.Select(t => t.Account).Distinct().ToArray());
        var order = told.Concat(told.Take(50)).ToArray();
        random.Shuffle(order);
        foreach (var (account, activity, id, at) in order)
            await RecordAsync(account, activity, id, at);
        return (DateOnly.FromDateTime(begin), DateOnly.FromDateTime(begin).AddDays(27));
    }

    private async Task RecordAsync(Guid account, Activity activity, Guid id, DateTimeOffset at)
    {
        await using var scope = fixture.Profile.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AnalyticsLog>().RecordAsync(account, activity, new UserDeleted { EventId = id, OccurredAt = at, UserId = account }, properties: null, default);
    }

    private async Task<JsonNode> ReportAsync(DateOnly from, DateOnly to)
    {
        using var boss = fixture.Client(founder.Founder.AccessToken);
        return await (await boss.GetAsync($"/api/admin/analytics?from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}")).JsonAsync();
    }

    private async Task<List<string>> RowsAsync(string sql, DateOnly from, DateOnly to)
    {
        await using var command = fixture.Database.CreateCommand(sql);
        command.Parameters.AddWithValue(new DateTimeOffset(from.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        command.Parameters.AddWithValue(new DateTimeOffset(to.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private Task EventuallyAsync(long count, string sql, object value) =>
        Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>(sql, value) == count, $"{count} of: {sql}");

    private DateTimeOffset At(double hours) => fixture.Clock.GetUtcNow().AddHours(hours);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string json) =>
        client.PostAsync("/api/analytics/events", new StringContent(json, Encoding.UTF8, "application/json"));

    private static GenerationCompleted Completed(Guid owner, DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = at,
        Sequence = 1,
        GenerationId = Guid.CreateVersion7(),
        UserId = owner,
        Tier = Tier.Pro,
        Allowance = Allowance.Paid,
        Quality = Quality.Ultra,
        Title = "Words of the member's own",
        Genre = "lo-fi",
        Tempo = 82,
        Key = "A minor",
        DurationSeconds = 60,
        Bytes = 1,
        Visibility = Visibility.Private,
    };

    private static EntitlementChanged Entitled(Guid member, Tier tier, long sequence) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = DateTimeOffset.UtcNow,
        Sequence = sequence,
        UserId = member,
        Tier = tier,
        Allowance = Allowance.Paid,
        Qualities = [Quality.Standard],
        Stems = false,
        ApiKeys = false,
    };
}
