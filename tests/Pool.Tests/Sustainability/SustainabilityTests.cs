using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Sustainability;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Sustainability;

/// <summary>Has a pool of its own, whose figures are nobody else's.</summary>
[Trait("Category", "Integration")]
public sealed class SustainabilityTests(PoolFixture fixture) : IClassFixture<PoolFixture>
{
    [Fact]
    public async Task Sustainability_OfSixtyThirtyAndTenMembers_IsTheModelLive_AndAPoolThatRunsLowWarnsOnce()
    {
        (Tier Tier, int Members, int Units)[] tiers = [(Tier.Creator, 60, 50), (Tier.Pro, 30, 200), (Tier.Studio, 10, 1000)];
        await Task.WhenAll(tiers.SelectMany(t => Enumerable.Range(0, t.Members).Select(_ => fixture.Bus.PublishAsync(new EntitlementChanged
        {
            EventId = Guid.CreateVersion7(),
            OccurredAt = fixture.Clock.GetUtcNow(),
            UserId = fixture.NewUser(),
            Tier = t.Tier,
            Allowance = Allowance.Paid,
            Limit = t.Units,
            Qualities = [Quality.Standard],
            Stems = false,
            ApiKeys = false,
            Sequence = 1,
        }))));
        await Eventually.TrueAsync(async () =>
            (long)(await fixture.GetAsync("/api/community/sustainability"))["paidMembers"]!["total"]! == 100, "all members are known");

        var model = await fixture.GetAsync("/api/community/sustainability");
        Assert.Equal((950, 10, "10:1"), ((int)model["monthlyInflow"]!, (int)model["freeMembersSustained"]!, (string)model["ratio"]!));
        Assert.Equal((60, 30, 10),
            ((int)model["paidMembers"]!["creator"]!, (int)model["paidMembers"]!["pro"]!, (int)model["paidMembers"]!["studio"]!));

        var genre = PoolFixture.NewGenre();
        await fixture.ContributeAsync(fixture.NewUser(), genre);
        var claimer = fixture.Pool.Client(fixture.NewUser());
        await (await claimer.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        var watch = fixture.Pool.Services.GetRequiredService<StockWatch>();
        await watch.CheckAsync(CancellationToken.None);
        await fixture.Second.Services.GetRequiredService<StockWatch>().CheckAsync(CancellationToken.None);

        await Eventually.TrueAsync(() => Task.FromResult(fixture.Bus.Heard<PoolLow>().Count > 0), "operators are warned");
        var low = fixture.Bus.Heard<PoolLow>()[0];
        Assert.Equal((0, 1, 1), (low.Available, low.Threshold, fixture.Bus.Heard<PoolLow>().DistinctBy(e => e.EventId).Count()));
        Assert.NotNull(low.NextExpectedAt);

        await fixture.ContributeAsync(fixture.NewUser(), genre);
        await watch.CheckAsync(CancellationToken.None);
        await (await claimer.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
        await watch.CheckAsync(CancellationToken.None);
        await Eventually.TrueAsync(() =>
            Task.FromResult(fixture.Bus.Heard<PoolLow>().DistinctBy(e => e.EventId).Count() == 2),
            "a pool that recovered and runs low again warns again");
        Assert.Equal(2, fixture.Bus.Heard<PoolLow>().Select(e => e.Sequence).Distinct().Count());

        // One replica is about to check while the other one has just told operators: what it sees is counted after that, not before.
        await fixture.ContributeAsync(fixture.NewUser(), genre);
        await watch.CheckAsync(CancellationToken.None);
        await using (var connection = await fixture.Database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var tell = new NpgsqlCommand("UPDATE stock_alarm SET low = true", connection, transaction))
                await tell.ExecuteNonQueryAsync();
            var checking = fixture.Second.Services.GetRequiredService<StockWatch>().CheckAsync(CancellationToken.None);
            await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%stock_alarm%'") > 0,
                "the check waits");
            await (await claimer.PostAsJsonAsync("/api/community/pool/claim", new { genre })).JsonAsync(201);
            await transaction.CommitAsync();
            await checking;
        }

        Assert.True(await fixture.ScalarAsync<bool>("SELECT low FROM stock_alarm"));
        await watch.CheckAsync(CancellationToken.None);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE type LIKE '%PoolLow'"));
        Assert.Equal(2, fixture.Bus.Heard<PoolLow>().DistinctBy(e => e.EventId).Count());
    }
}
