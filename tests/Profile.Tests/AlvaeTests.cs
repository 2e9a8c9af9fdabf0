using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>A service where the founder signed up: twenty times at once, one of them with success.</summary>
public sealed class FounderFixture : IAsyncLifetime
{
    internal ProfileFixture Profile { get; } = new();
    internal Member Founder { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Profile.InitializeAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var client = Profile.Client();
            return await client.PostAsJsonAsync(
                "/api/auth/register", new { email = i % 2 == 0 ? ProfileFixture.FounderEmail : "Founder@Example.ORG", username = $"the-founder-{i}", password = ProfileFixture.Password });
        }));
        var json = await Assert.Single(tries, t => t.StatusCode == HttpStatusCode.Created).JsonAsync();
        Founder = new Member(
            (Guid)json["user"]!["id"]!, (string)json["user"]!["username"]!, ProfileFixture.FounderEmail, (string)json["accessToken"]!, (string)json["refreshToken"]!);
    }

    public Task DisposeAsync() => Profile.DisposeAsync();
}

[Trait("Category", "Integration")]
public sealed class AlvaeTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Register_WhenTheFounderAndManyAtOnce_GrantsTheFirstNumberOnceAndAnnouncesItOnce()
    {
        using var client = fixture.Client(founder.Founder.AccessToken);
        var me = await (await client.GetAsync("/api/auth/me")).JsonAsync();
        Assert.Equal(["member", "operator"], me["roles"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(("ALVAE-001", "FOUNDER", "#FFD700"), ((string)me["alvae"]!["alvaeId"]!, (string)me["alvae"]!["level"]!, (string)me["alvae"]!["border"]!));

        await Eventually.TrueAsync(() => Task.FromResult(Granted(founder.Founder.Id).Count > 0), "the founder is announced");
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("SELECT count(*) FROM outbox") == 0, "the outbox is empty");
        var grant = Assert.Single(Granted(founder.Founder.Id));
        Assert.Equal(("ALVAE-001", AlvaeLevel.Founder, 2L), (grant.AlvaeId, grant.Level, grant.Sequence));
    }

    [Fact]
    public async Task Grant_WhenManyAtOnce_GivesEachMemberANumberOfItsOwn()
    {
        var members = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.RegisterAsync()));
        using var client = fixture.Client(founder.Founder.AccessToken);
        var answers = await Task.WhenAll(members.Select(m => client.GrantAsync(m.Username, "EARLY_ADOPTER")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        var ids = await Task.WhenAll(answers.Select(async a => (string)(await a.JsonAsync())["alvaeId"]!));
        Assert.Equal(20, ids.Distinct().Count());
        var numbers = ids.Select(id => AlvaeLevels.NumberOf(id)!.Value).Order().ToList();
        Assert.InRange(numbers[0], 100, 199);
        Assert.Equal(Enumerable.Range(numbers[0], 20), numbers);
        await Eventually.TrueAsync(() => Task.FromResult(members.All(m => Granted(m.Id).Any(g => ids.Contains(g.AlvaeId)))), "every grant is announced");
    }

    [Fact]
    public async Task Grant_WhenOneMemberIsNamedManyTimesAtOnce_GivesOneNumber()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(founder.Founder.AccessToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.GrantAsync(member.Username, i % 2 == 0 ? "EARLY_ADOPTER" : "TESTER")));
        var granted = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(a => a != granted))
            await refused.IsProblemAsync(409, "already-alvae");
    }

    [Fact]
    public async Task Grant_WhenTheKeyIsRepeated_GivesTheSameNumber()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(founder.Founder.AccessToken);
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await (await client.GrantAsync(member.Username, "EARLY_ADOPTER")).JsonAsync();
        using var again = await client.GrantAsync(member.Username, "EARLY_ADOPTER");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal((string)first["alvaeId"]!, (string)(await again.JsonAsync())["alvaeId"]!);
    }

    [Fact]
    public async Task Revoke_WhenGranted_TakesTheBadgeAndNeverGivesTheNumberAgain()
    {
        var member = await fixture.RegisterAsync();
        using var client = fixture.Client(founder.Founder.AccessToken);
        var first = (string)(await (await client.GrantAsync(member.Username, "EARLY_ADOPTER")).JsonAsync())["alvaeId"]!;

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/alvae/grants/{first}")).StatusCode);
        await (await client.DeleteAsync($"/api/alvae/grants/{first}")).IsProblemAsync(404, "not-found");
        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<AlvaeRevoked>().Any(e => e.UserId == member.Id && e.Sequence == 4)), "the revocation is announced");

        var second = (string)(await (await client.GrantAsync(member.Username, "EARLY_ADOPTER")).JsonAsync())["alvaeId"]!;
        Assert.True(AlvaeLevels.NumberOf(second) > AlvaeLevels.NumberOf(first));
    }

    [Fact]
    public async Task Grants_WhenNotTheFounderOrUnfit_AreRefused()
    {
        var member = await fixture.RegisterAsync();
        using var anonymous = fixture.Client();
        await (await anonymous.GrantAsync(member.Username, "TESTER")).IsProblemAsync(401, "unauthorized");
        using var ordinary = fixture.Client(member.AccessToken);
        await (await ordinary.GrantAsync(member.Username, "TESTER")).IsProblemAsync(403, "founder-only");
        await (await ordinary.DeleteAsync("/api/alvae/grants/ALVAE-001")).IsProblemAsync(403, "founder-only");

        using var client = fixture.Client(founder.Founder.AccessToken);
        await (await client.GrantAsync("nobody-here", "TESTER")).IsProblemAsync(404, "not-found");
        await (await client.GrantAsync(member.Username, "FOUNDER")).IsProblemAsync(400, "validation");
        await (await client.GrantAsync(member.Username, "KING")).IsProblemAsync(400, "validation");
        await (await client.GrantAsync("nul\0nul", "TESTER")).IsProblemAsync(400, "validation");
        await (await client.DeleteAsync("/api/alvae/grants/ALVAE-001")).IsProblemAsync(409, "founder-stays");
        await (await client.DeleteAsync("/api/alvae/grants/ALVAE-198")).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Members_WhenPaged_AreListedNewestFirstOnce()
    {
        using var client = fixture.Client(founder.Founder.AccessToken);
        for (var i = 0; i < 3; i++)
            (await client.GrantAsync((await fixture.RegisterAsync()).Username, "EARLY_ADOPTER")).EnsureSuccessStatusCode();
        using var anonymous = fixture.Client();
        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await anonymous.GetAsync($"/api/alvae/members?limit=2&cursor={cursor}")).JsonAsync();
            seen.AddRange(page["items"]!.AsArray().Select(m => (string)m!["alvaeId"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Contains("ALVAE-001", seen);
        await (await anonymous.GetAsync("/api/alvae/members?cursor=x&limit=2")).IsProblemAsync(400, "validation");
    }

    [Fact]
    public async Task Me_WhenWithAndWithoutABadge_TellsWhatComesWithIt()
    {
        using var client = fixture.Client(founder.Founder.AccessToken);
        var own = await (await client.GetAsync("/api/alvae/me")).JsonAsync();
        Assert.Equal((true, "ALVAE-001", 5), ((bool)own["member"]!, (string)own["alvaeId"]!, (int)own["benefits"]!["revenueSharePercent"]!));
        Assert.Null(own["benefits"]!["generationsPerMonth"]);
        using var ordinary = fixture.Client((await fixture.RegisterAsync()).AccessToken);
        Assert.False((bool)(await (await ordinary.GetAsync("/api/alvae/me")).JsonAsync())["member"]!);
    }

    private List<AlvaeGranted> Granted(Guid user) => [.. fixture.Bus.Heard<AlvaeGranted>().Where(e => e.UserId == user).DistinctBy(e => e.EventId)];
}

/// <summary>A level that is full stays full: this test has a service of its own, so that no other depends on its turn.</summary>
[Trait("Category", "Integration")]
public sealed class FullLevelTests(FounderFixture founder) : IClassFixture<FounderFixture>
{
    private readonly ProfileFixture fixture = founder.Profile;

    [Fact]
    public async Task Grant_WhenTheLevelIsFull_Is409AlsoForThoseAtOnce()
    {
        await using var command = fixture.Database.CreateCommand(
            """
            WITH filler AS (
                INSERT INTO accounts (id, email, email_key, username, username_key, password_hash, display_name, links, is_operator, sequence, created_at)
                SELECT gen_random_uuid(), 'filler' || n, 'filler' || n, 'filler' || n, 'filler' || n, '', '', '{}', false, 0, now()
                FROM generate_series((SELECT coalesce(max(number), 1) + 1 FROM alvae_grants WHERE level = 'Tester'), 97) n RETURNING id, username)
            INSERT INTO alvae_grants (id, number, account_id, level, granted_at) SELECT gen_random_uuid(), substr(username, 7)::int, id, 'Tester', now() FROM filler
            """);
        await command.ExecuteNonQueryAsync();
        var members = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.RegisterAsync()));
        using var client = fixture.Client(founder.Founder.AccessToken);
        var answers = await Task.WhenAll(members.Select(m => client.GrantAsync(m.Username, "TESTER")));

        Assert.Equal(2, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await refused.IsProblemAsync(409, "alvae-level-full");
        Assert.Equal(99, await fixture.ScalarAsync<int>("SELECT max(number) FROM alvae_grants WHERE level = 'Tester'"));
        await fixture.ScalarAsync<object>("UPDATE alvae_grants SET revoked_at = now() WHERE number = 50");
        var late = await fixture.RegisterAsync();
        await (await client.GrantAsync(late.Username, "TESTER")).IsProblemAsync(409, "alvae-level-full");
    }
}

internal static class Grants
{
    public static Task<HttpResponseMessage> GrantAsync(this HttpClient founder, string username, string level) =>
        founder.PostAsJsonAsync("/api/alvae/grants", new JsonObject { ["username"] = username, ["level"] = level, ["note"] = "thank you" });
}

[Trait("Category", "Unit")]
public sealed class AlvaeLevelsTests
{
    [Theory]
    [InlineData(AlvaeLevel.Tester, null, 2)]
    [InlineData(AlvaeLevel.Tester, 2, 3)]
    [InlineData(AlvaeLevel.Tester, 98, 99)]
    [InlineData(AlvaeLevel.Tester, 99, null)]
    [InlineData(AlvaeLevel.EarlyAdopter, null, 100)]
    [InlineData(AlvaeLevel.EarlyAdopter, 198, 199)]
    [InlineData(AlvaeLevel.EarlyAdopter, 199, null)]
    [InlineData(AlvaeLevel.Founder, 1, null)]
    public void Next_WhenTheHighestIsKnown_IsTheOneAboveUntilTheLevelIsFull(AlvaeLevel level, int? highest, int? next) =>
        Assert.Equal(next, AlvaeLevels.Next(level, highest));

    [Theory]
    [InlineData("ALVAE-042", 42)]
    [InlineData("alvae-042", 42)]
    [InlineData("ALVAE-42", null)]
    [InlineData("ALVAE- 42", null)]
    [InlineData("BLVAE-042", null)]
    [InlineData("", null)]
    public void NumberOf_WhenWrittenAsWeDo_ReadsIt(string id, int? number) => Assert.Equal(number, AlvaeLevels.NumberOf(id));
}
