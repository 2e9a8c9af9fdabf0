using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Billing.Members;
using Son1kVers3.Billing.Tests.Hosting;
using Son1kVers3.Billing.Tests.Quotas;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Members;

[Trait("Category", "Integration")]
public class MemberDataTests(BillingApp app) : IClassFixture<BillingApp>
{
    [Fact]
    public async Task Export_OfALongLedger_ComesInPiecesOfABoundedSize()
    {
        var user = Guid.CreateVersion7();
        await ExecuteAsync("INSERT INTO accounts (user_id) VALUES ($1)", user);
        await ExecuteAsync(
            """
            INSERT INTO ledger (user_id, kind, cause, allowance, period_start, reserved, used, granted, at)
            SELECT $1, 'confirm', 'generation requested "' || n || '"', NULL, NULL, 0, 0, 0, '2026-05-01Z' FROM generate_series(1, 3000) n
            """,
            user);
        await using var others = await TestBus.StartAsync(app.Broker, (bus, endpoint) => bus.Hear<ExportPart>(endpoint));
        var export = Guid.CreateVersion7();

        await app.PublishAsync(new ExportRequested { EventId = Guid.CreateVersion7(), ExportId = export, UserId = user, Sequence = 1 });

        await Eventually.PassesAsync(() => Assert.Contains(others.Heard<ExportPart>(), p => p.ExportId == export && p.Last));
        await Eventually.PassesAsync(() =>
        {
            var parts = others.Heard<ExportPart>().Where(p => p.ExportId == export).OrderBy(p => p.Index).ToList();
            Assert.Equal(Enumerable.Range(0, parts.Count), parts.Select(p => p.Index));
            Assert.True(parts.Count > 1);
            Assert.DoesNotContain(parts.Select(p => JsonSerializer.SerializeToUtf8Bytes(p).Length), size => size > 256_000);
            var items = parts.SelectMany(p => JsonSerializer.Deserialize<JsonElement[]>(p.Json)!).ToList();
            Assert.Equal(
                (1, 3000),
                (items.Count(i => i.GetProperty("kind").GetString() == "account"),
                    items.Count(i => i.GetProperty("kind").GetString() == "ledger")));
        });
    }

    [Fact]
    public async Task Account_WhenDeleted_IsAnonymisedOnceNoUnitIsHeld_AndTheLedgerStillAddsUp()
    {
        var user = Guid.CreateVersion7();
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var id in ids)
            await app.AskAsync(new ReserveQuota { ReservationId = id, UserId = user, Quality = Quality.Standard });
        await app.PublishAsync(Events.Completed(ids[0], user));
        await app.PublishAsync(Events.Failed(ids[1], user));
        await app.PublishAsync(new ReleaseQuota { ReservationId = Guid.CreateVersion7(), UserId = user, Reason = "timed out" });
        await app.PublishAsync(new UserDeleted { EventId = Guid.CreateVersion7(), UserId = user, Sequence = 2 });
        await Eventually.PassesAsync(async () => Assert.Equal((1, 1, 1), (
            await CountAsync("SELECT count(*) FROM accounts WHERE user_id = $1 AND deleted_at IS NOT NULL", user),
            await CountAsync("SELECT used FROM buckets WHERE user_id = $1", user),
            await CountAsync("SELECT count(*) FROM ledger WHERE user_id = $1 AND kind = 'tombstone'", user))));
        var anonymiser = app.Services.GetRequiredService<Anonymiser>();

        await anonymiser.RunOnceAsync(CancellationToken.None);
        Assert.Equal(1, await CountAsync("SELECT count(*) FROM buckets WHERE user_id = $1", user));
        await app.PublishAsync(Events.Failed(ids[2], user));
        await Eventually.PassesAsync(
            async () => Assert.Equal(0, await CountAsync("SELECT reserved FROM buckets WHERE user_id = $1", user)));
        await anonymiser.RunOnceAsync(CancellationToken.None);

        // What is told after that brings nothing back.
        await app.PublishAsync(new ReleaseQuota { ReservationId = Guid.CreateVersion7(), UserId = user, Reason = "found by a replay" });
        await Eventually.PassesAsync(async () => Assert.Equal(1, await CountAsync("SELECT count(*) FROM ledger WHERE user_id = $1", user)));
        await anonymiser.RunOnceAsync(CancellationToken.None);

        foreach (var table in (string[])["ledger", "buckets", "reservations", "audit"])
            Assert.Equal(0, await CountAsync($"SELECT count(*) FROM {table} WHERE user_id = $1", user));
        Assert.Empty(await LedgerChecks.DifferencesAsync(app.Database));
    }

    [Fact]
    public async Task Ledger_WhenSomebodyElseWouldChangeIt_Refuses() =>
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("UPDATE ledger SET user_id = $1", Guid.CreateVersion7()));

    private async Task ExecuteAsync(string sql, Guid user)
    {
        await using var command = app.Database.CreateCommand(sql);
        command.Parameters.AddWithValue(user);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<int> CountAsync(string sql, Guid user)
    {
        await using var command = app.Database.CreateCommand(sql);
        command.Parameters.AddWithValue(user);
        return Convert.ToInt32(await command.ExecuteScalarAsync());
    }
}
