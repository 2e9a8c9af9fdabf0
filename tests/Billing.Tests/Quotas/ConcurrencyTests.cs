using Npgsql;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Quotas;

[Trait("Category", "Integration")]
public class ConcurrencyTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Reserve_When200AskTwoReplicasFor50_ExactlyFiftyAreGranted()
    {
        await using var replica = await app.ReplicaAsync();
        var user = Guid.CreateVersion7();
        await ExecuteAsync("INSERT INTO accounts (user_id, comp_tier, comp_from) VALUES ($1, 1, $2)", user, app.Clock.GetUtcNow());

        var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? app : replica).AskAsync(Ask(user))));

        Assert.Equal(50, decisions.Count(d => d.Granted));
        Assert.All(decisions.Where(d => !d.Granted), d => Assert.Equal("quota-exceeded", d.Denial));
        Assert.Equal(
            1, await CountAsync(
                "SELECT count(*) FROM buckets WHERE user_id = $1 AND reserved = 50 AND used = 0 AND exhausted_published", user));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Fact]
    public async Task Reserve_WhenOneIdIsAskedManyTimesAtOnce_TakesOneUnit()
    {
        var ask = Ask(Guid.CreateVersion7());

        var decisions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.AskAsync(ask)));

        Assert.All(decisions, d => Assert.True(d.Granted));
        Assert.Equal(1, await CountAsync("SELECT reserved FROM buckets WHERE user_id = $1", ask.UserId));
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM ledger WHERE user_id = $1", ask.UserId));
    }

    [Fact]
    public async Task Reserve_WhenReleaseRacesIt_NoUnitStaysTaken()
    {
        var asks = Enumerable.Range(0, 60).Select(_ => Ask(Guid.CreateVersion7())).ToList();

        await Task.WhenAll(asks.SelectMany(ask => (Task[])[
            app.AskAsync(ask),
            app.PublishAsync(new ReleaseQuota { ReservationId = ask.ReservationId, UserId = ask.UserId, Reason = "gave up" }),
        ]));

        await Eventually.PassesAsync(async () => Assert.Equal(
            60L, await CountAsync(
                "SELECT count(*) FROM reservations WHERE id = ANY ($1) AND state IN ('released', 'tombstone')",
                asks.Select(a => a.ReservationId).ToArray())));
        Assert.Equal(
            0, await CountAsync(
                "SELECT coalesce(sum(reserved), 0) FROM buckets WHERE user_id = ANY ($1)", asks.Select(a => a.UserId).ToArray()));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Theory]
    [InlineData("reserve")]
    [InlineData("confirm")]
    [InlineData("commit")]
    [InlineData("release")]
    public async Task Step_WhenTheConnectionIsKilledBeforeCommit_IsAsIfItNeverWas_AndRepeatsOnce(string step)
    {
        var ask = Ask(Guid.CreateVersion7());
        if (step != "reserve")
            await StepAsync("reserve", ask, kill: false);
        var before = await EntriesAsync(ask.UserId);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => StepAsync(step, ask, kill: true));
        Assert.Equal(before, await EntriesAsync(ask.UserId));
        await StepAsync(step, ask, kill: false);
        await StepAsync(step, ask, kill: false);

        Assert.Equal(before + 1, await EntriesAsync(ask.UserId));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Fact]
    public async Task Ledger_WhenSomebodyWantsToChangeIt_Refuses()
    {
        await app.AskAsync(Ask(Guid.CreateVersion7()));

        foreach (var sql in (string[])["UPDATE ledger SET used = 0", "DELETE FROM ledger", "TRUNCATE ledger"])
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));
    }

    private static ReserveQuota Ask(Guid user) =>
        new() { ReservationId = Guid.CreateVersion7(), UserId = user, Quality = Quality.Standard };

    private async Task StepAsync(string step, ReserveQuota ask, bool kill)
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(
            step == "reserve" ? QuotaLedger.Statement : "SELECT settle_quota($1, $2, $3, 'test', $4)", connection, transaction))
        {
            if (step == "reserve")
            {
                QuotaLedger.Bind(command.Parameters, ask, app.Clock.GetUtcNow());
            }
            else
            {
                foreach (var value in (object[])[ask.ReservationId, ask.UserId, step, app.Clock.GetUtcNow()])
                    command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await command.ExecuteNonQueryAsync();
        }

        if (kill)
            await ExecuteAsync($"SELECT pg_terminate_backend({connection.ProcessID})");
        await transaction.CommitAsync();
    }

    private Task<long> EntriesAsync(Guid user) => CountAsync("SELECT count(*) FROM ledger WHERE user_id = $1", user);

    private async Task<long> CountAsync(string sql, params object[] values)
    {
        await using var command = app.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = app.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
