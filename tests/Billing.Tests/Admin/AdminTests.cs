using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Tests.Quotas;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Admin;

[Trait("Category", "Integration")]
public class AdminTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Grant_WhenQuotaIsSpent_AddsUnits_AndRevokeTakesOnlyGrantedOnesBack()
    {
        var user = Guid.CreateVersion7();
        using var operators = Operator();
        for (var i = 0; i < 3; i++)
            await AskAsync(user);
        Assert.False((await AskAsync(user)).Granted);

        using var granted = await operators.PostAsJsonAsync(
            $"/api/admin/users/{user}/grants", new { units = 2, reason = "the outage of yesterday" });

        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        Assert.True((await AskAsync(user)).Granted);
        using var tooMany = await operators.PostAsJsonAsync(
            $"/api/admin/users/{user}/revocations", new { units = 3, reason = "a mistake" });
        Assert.Equal(HttpStatusCode.Conflict, tooMany.StatusCode);
        using var revoked = await operators.PostAsJsonAsync(
            $"/api/admin/users/{user}/revocations", new { units = 2, reason = "a mistake" });
        Assert.Equal(HttpStatusCode.Created, revoked.StatusCode);
        var limits = await operators.GetFromJsonAsync<JsonElement>($"/api/admin/users/{user}/limits");
        Assert.Equal(
            (3, 4, 0),
            (limits.GetProperty("limit").GetInt32(), limits.GetProperty("reserved").GetInt32(), limits.GetProperty("remaining")
                .GetInt32()));
        var audit = (await operators.GetFromJsonAsync<JsonElement>($"/api/admin/users/{user}/audit")).GetProperty("items").EnumerateArray();
        Assert.Equal(["revoke", "grant"], audit.Select(a => a.GetProperty("action").GetString()));
        var ledger = await operators.GetFromJsonAsync<JsonElement>($"/api/admin/users/{user}/ledger?limit=2");
        Assert.Equal(["grant", "reserve"], ledger.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("kind").GetString()));
        Assert.NotNull(ledger.GetProperty("nextCursor").GetString());
        Assert.Equal(0, (await operators.GetFromJsonAsync<JsonElement>("/api/admin/ledger/check")).GetProperty("differences").GetInt32());
    }

    [Fact]
    public async Task Grant_WhenRepeatedUnderOneKey_AddsOnce()
    {
        var user = Guid.CreateVersion7();
        using var operators = Operator();
        operators.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var answers = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await operators.PostAsJsonAsync($"/api/admin/users/{user}/grants", new { units = 5, reason = "thanks" });
            answers.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("granted").GetInt32());
        }

        Assert.Equal([5, 5, 5], answers);
    }

    [Fact]
    public async Task Comp_WhenGivenAndEnded_ChangesTheTierAndTells()
    {
        var user = Guid.CreateVersion7();
        await using var others = await TestBus.StartAsync(app.Broker, (bus, endpoint) => bus.Hear<EntitlementChanged>(endpoint));
        using var operators = Operator();

        using var comp = await operators.PutAsJsonAsync($"/api/admin/users/{user}/comp", new { tier = "PRO", reason = "a partner" });
        Assert.Equal("PRO", (await comp.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tier").GetString());
        using var ended = await operators.DeleteAsync($"/api/admin/users/{user}/comp?reason=over");

        Assert.Equal("FREE", (await ended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tier").GetString());
        await Eventually.PassesAsync(() =>
        {
            Assert.Equal(
                [(Tier.Pro, 1L), (Tier.Free, 2L)],
                others.Heard<EntitlementChanged>().Where(e => e.UserId == user).OrderBy(e => e.Sequence).Select(e => (e.Tier, e.Sequence)));
        });
    }

    [Fact]
    public async Task Alvae_WhenGrantedAndRevokedOutOfOrder_TheNewestCounts()
    {
        var user = Guid.CreateVersion7();
        await app.PublishAsync(
            new AlvaeRevoked
            {
                EventId = Guid.CreateVersion7(),
                UserId = user,
                AlvaeId = "ALVAE-002",
                Level = AlvaeLevel.Tester,
                Sequence = 6
            });
        await app.PublishAsync(
            new AlvaeGranted
            {
                EventId = Guid.CreateVersion7(),
                UserId = user,
                AlvaeId = "ALVAE-002",
                Level = AlvaeLevel.Tester,
                Sequence = 5
            });
        await app.PublishAsync(
            new AlvaeGranted
            {
                EventId = Guid.CreateVersion7(),
                UserId = user,
                AlvaeId = "ALVAE-101",
                Level = AlvaeLevel.EarlyAdopter,
                Sequence = 7
            });

        using var client = app.ClientOf(user);
        await Eventually.PassesAsync(async () =>
        {
            var limits = await client.GetFromJsonAsync<JsonElement>("/api/tiers/limits");
            Assert.Equal(
                ("EARLY_ADOPTER", "ALVAE", 1000, "FREE"),
                (limits.GetProperty("alvae").GetString(), limits.GetProperty("allowance").GetString(), limits.GetProperty("limit")
                    .GetInt32(), limits.GetProperty("tier").GetString()));
            Assert.Equal(JsonValueKind.Null, limits.GetProperty("storage").GetProperty("limitBytes").ValueKind);
        });
    }

    [Fact]
    public async Task Storage_WhenFull_DeniesWithWhatHelps_UntilSomethingIsDeleted()
    {
        var (user, track) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.PublishAsync(Events.Completed(track, user, bytes: 1_000_000_000));
        await StoredAsync(user, 1_000_000_000);
        var denied = await AskAsync(user);
        Assert.Equal(("storage-full", Tier.Creator), (denied.Denial, denied.UpgradeTo));
        Assert.Contains("delete", denied.Detail, StringComparison.Ordinal);

        await app.PublishAsync(
            new GenerationDeleted
            {
                EventId = Guid.CreateVersion7(),
                GenerationId = track,
                UserId = user,
                Bytes = 1_000_000_000,
                Sequence = 9
            });

        await StoredAsync(user, 0);
        Assert.True((await AskAsync(user)).Granted);
    }

    [Fact]
    public async Task Exhausted_WhenAskedAgainAndAgain_IsToldOnce()
    {
        var user = Guid.CreateVersion7();
        await using var others = await TestBus.StartAsync(app.Broker, (bus, endpoint) => bus.Hear<QuotaExhausted>(endpoint));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => AskAsync(user)));

        await Eventually.PassesAsync(() =>
        {
            Assert.Single(others.Heard<QuotaExhausted>(), e => e.UserId == user);
        });
    }

    [Fact]
    public async Task Dashboard_ShowsMembersAndAccounts()
    {
        var user = Guid.CreateVersion7();
        using var operators = Operator();
        await app.PublishAsync(
            new UserRegistered
            {
                EventId = Guid.CreateVersion7(),
                UserId = user,
                Username = "ana",
                Email = "ana@example.org",
                Sequence = 1
            });
        await app.PublishAsync(
            new AccountHealthChanged
            {
                EventId = Guid.CreateVersion7(),
                AccountId = Guid.CreateVersion7(),
                Provider = "suno",
                Status = "cooling",
                Reason = "429",
                Sequence = 1
            });

        await Eventually.PassesAsync(async () =>
        {
            var dashboard = await operators.GetFromJsonAsync<JsonElement>("/api/admin/dashboard");
            Assert.True(dashboard.GetProperty("usersPerTier").GetProperty("FREE").GetInt64() > 0);
            Assert.Equal(1, dashboard.GetProperty("accountHealth").GetProperty("cooling").GetInt64());
            Assert.Equal(0, dashboard.GetProperty("mrrCents").GetInt64());
        });
    }

    [Theory]
    [InlineData("grants", """{"units":0,"reason":"x"}""")]
    [InlineData("grants", """{"units":-5,"reason":"x"}""")]
    [InlineData("grants", """{"units":5}""")]
    [InlineData("grants", """{"units":5,"reason":"  "}""")]
    [InlineData("revocations", """{"units":"many","reason":"x"}""")]
    public async Task Care_WhenTheOrderIsBad_Is400(string what, string body)
    {
        using var operators = Operator();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await operators.PostAsync($"/api/admin/users/{Guid.CreateVersion7()}/{what}", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Admin_WhenMember_Is403()
    {
        using var client = app.ClientOf(Guid.CreateVersion7());
        using var answer = await client.GetAsync("/api/admin/dashboard");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private HttpClient Operator() => app.ClientOf(Guid.CreateVersion7(), "operator");

    /// <summary>Waits for what the ledger is told; asking for units meanwhile would spend them.</summary>
    private async Task StoredAsync(Guid user, long bytes)
    {
        using var client = app.ClientOf(user);
        await Eventually.PassesAsync(async () => Assert.Equal(
            bytes,
            (await client.GetFromJsonAsync<JsonElement>("/api/tiers/limits")).GetProperty("storage").GetProperty("usedBytes").GetInt64()));
    }

    private Task<QuotaDecision> AskAsync(Guid user) =>
        app.AskAsync(new ReserveQuota { ReservationId = Guid.CreateVersion7(), UserId = user, Quality = Quality.Standard });
}
