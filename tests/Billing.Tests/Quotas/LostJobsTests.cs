using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Quotas;

[Trait("Category", "Integration")]
public class LostJobsTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Settle_WhenJobsAreOver_CommitsAndReleasesWhatWaits()
    {
        var user = Guid.CreateVersion7();
        string[] states = ["completed", "unknown", "running"];
        var ids = states.ToDictionary(_ => Guid.CreateVersion7(), state => state);
        foreach (var id in ids.Keys)
        {
            await app.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });
            await app.PublishAsync(Events.Requested(id, user));
        }

        await Eventually.PassesAsync(async () => Assert.Equal(["confirmed", "confirmed", "confirmed"], await StatesAsync(ids.Keys)));
        await using var generation = await TestBus.StartAsync(
            app.Broker, (_, endpoint) => endpoint.Handler<AskJobStates>(context => context.RespondAsync(new JobStates
            {
                Jobs = [.. context.Message.GenerationIds.Select(id => new JobState { GenerationId = id, State = ids[id] })],
            })));
        var worker = app.Services.GetRequiredService<LostJobs>();
        Assert.Equal(0, await worker.SettleAsync(CancellationToken.None));

        app.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(2, await worker.SettleAsync(CancellationToken.None));
        Assert.Equal(["committed", "released", "confirmed"], await StatesAsync(ids.Keys));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Fact]
    public async Task Expire_WhenUnconfirmedFor15Minutes_GivesTheUnitBack_ALateConfirmTakesItAgain()
    {
        var (user, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });

        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await app.Services.GetRequiredService<ExpirySweeper>().SweepAsync(CancellationToken.None);
        Assert.Equal(["expired"], await StatesAsync([id]));
        await app.PublishAsync(Events.Requested(id, user));

        await Eventually.PassesAsync(async () => Assert.Equal(["confirmed"], await StatesAsync([id])));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    private async Task<List<string>> StatesAsync(IEnumerable<Guid> ids)
    {
        await using var command = app.Database.CreateCommand(
            "SELECT state FROM reservations WHERE id = ANY ($1) ORDER BY array_position($1, id)");
        command.Parameters.AddWithValue(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var states = new List<string>();
        while (await reader.ReadAsync())
            states.Add(reader.GetString(0));
        return states;
    }
}
