using System.Net.Http.Json;
using System.Text.Json;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Quotas;

[Trait("Category", "Integration")]
public class ReserveQuotaTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Reserve_WhenMemberIsUnknown_GrantsThreeADayAndDeniesTheFourth()
    {
        var user = Guid.CreateVersion7();

        var decisions = new List<QuotaDecision>();
        for (var i = 0; i < 4; i++)
            decisions.Add(await app.AskAsync(Ask(user)));

        Assert.Equal([true, true, true, false], decisions.Select(d => d.Granted));
        Assert.Equal([2, 1, 0, 0], decisions.Select(d => d.Remaining!.Value));
        var denied = decisions[3];
        Assert.Equal("quota-exceeded", denied.Denial);
        Assert.Equal(Tier.Creator, denied.UpgradeTo);
        Assert.Equal(app.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1), denied.ResetAt!.Value.UtcDateTime);
        Assert.Contains("CREATOR", denied.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_WhenAskedAgain_GrantsTheSameUnit()
    {
        var ask = Ask(Guid.CreateVersion7());

        var first = await app.AskAsync(ask);
        var second = await app.AskAsync(ask);

        Assert.Equal(first, second);
        Assert.Equal(2, second.Remaining);
    }

    [Fact]
    public async Task Reserve_WhenIdComesWithOtherContent_IsAConflict()
    {
        var ask = Ask(Guid.CreateVersion7());
        await app.AskAsync(ask);

        Assert.Equal("reservation-conflict", (await app.AskAsync(ask with { FurtherIds = [Guid.CreateVersion7()] })).Denial);
        Assert.Equal("reservation-conflict", (await app.AskAsync(ask with { UserId = Guid.CreateVersion7() })).Denial);
    }

    [Fact]
    public async Task Reserve_WhenTwoUnitsAreAskedAndOneIsLeft_TakesNone()
    {
        var user = Guid.CreateVersion7();
        await app.AskAsync(Ask(user));
        await app.AskAsync(Ask(user));

        var pair = await app.AskAsync(Ask(user) with { FurtherIds = [Guid.CreateVersion7()] });

        Assert.Equal("quota-exceeded", pair.Denial);
        Assert.Equal(1, pair.Remaining);
    }

    [Fact]
    public async Task Reserve_WhenReleaseCameFirst_IsDefeatedByTheTombstone()
    {
        var ask = Ask(Guid.CreateVersion7());
        await app.PublishAsync(new ReleaseQuota { ReservationId = ask.ReservationId, UserId = ask.UserId, Reason = "no answer in time" });
        await Eventually.PassesAsync(async () => Assert.Equal("tombstone", await StateAsync(ask.ReservationId)));

        Assert.Equal("reservation-released", (await app.AskAsync(ask)).Denial);
        Assert.Equal(3, (await LimitsAsync(ask.UserId)).GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task Reserve_WhenQualityIsNotInTier_IsDeniedBeforeQuota()
    {
        var user = Guid.CreateVersion7();
        for (var i = 0; i < 3; i++)
            await app.AskAsync(Ask(user));

        var decision = await app.AskAsync(Ask(user) with { Quality = Quality.Ultra });

        Assert.Equal("quality-not-in-tier", decision.Denial);
        Assert.Equal(Tier.Pro, decision.UpgradeTo);
        Assert.Equal("stems-not-in-tier", (await app.AskAsync(Ask(user) with { Stems = true })).Denial);
    }

    [Fact]
    public async Task Settle_WhenGenerationsEndDifferently_CommitsAndReleasesUnits()
    {
        var user = Guid.CreateVersion7();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var id in ids)
        {
            await app.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });
            await app.PublishAsync(Events.Requested(id, user));
        }

        await Eventually.PassesAsync(async () => Assert.Equal("confirmed", await StateAsync(ids[2])));
        await app.PublishAsync(Events.Completed(ids[0], user, bytes: 5_000));
        await app.PublishAsync(Events.Failed(ids[1], user));
        await app.PublishAsync(Events.Cancelled(ids[2], user));

        await Eventually.PassesAsync(async () =>
        {
            var limits = await LimitsAsync(user);
            Assert.Equal((1, 0, 2), (Int(limits, "used"), Int(limits, "reserved"), Int(limits, "remaining")));
            Assert.Equal(5_000, limits.GetProperty("storage").GetProperty("usedBytes").GetInt64());
        });
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Fact]
    public async Task Limits_WhenMemberIsUnknown_ShowsFree()
    {
        var limits = await LimitsAsync(Guid.CreateVersion7());

        Assert.Equal("FREE", limits.GetProperty("tier").GetString());
        Assert.Equal("FREE", limits.GetProperty("allowance").GetString());
        Assert.Equal(JsonValueKind.Null, limits.GetProperty("alvae").ValueKind);
        Assert.Equal("day", limits.GetProperty("period").GetString());
        Assert.Equal((3, 0, 0, 3), (Int(limits, "limit"), Int(limits, "used"), Int(limits, "reserved"), Int(limits, "remaining")));
        Assert.Equal(["standard"], limits.GetProperty("qualities").EnumerateArray().Select(q => q.GetString()));
        Assert.Equal(1_000_000_000, limits.GetProperty("storage").GetProperty("limitBytes").GetInt64());
    }

    [Fact]
    public async Task Limits_WhenAnonymous_Is401()
    {
        using var client = app.Client();
        using var answer = await client.GetAsync("/api/tiers/limits");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static ReserveQuota Ask(Guid user) =>
        new() { ReservationId = Guid.CreateVersion7(), UserId = user, Quality = Quality.Standard };

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private async Task<string?> StateAsync(Guid id)
    {
        await using var command = app.Database.CreateCommand("SELECT state FROM reservations WHERE id = $1");
        command.Parameters.AddWithValue(id);
        return (string?)await command.ExecuteScalarAsync();
    }

    private async Task<JsonElement> LimitsAsync(Guid user)
    {
        using var client = app.ClientOf(user);
        return await client.GetFromJsonAsync<JsonElement>("/api/tiers/limits");
    }
}
