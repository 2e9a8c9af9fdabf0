using Npgsql;
using Son1kVers3.Billing.Tests.Hosting;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>On a ledger of a size that hurts, every statement that runs while somebody waits finds its rows by an index.</summary>
[Trait("Category", "Integration")]
public class PlanTests(BillingApp app) : IClassFixture<BillingApp>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await ExecuteAsync(
            """
            INSERT INTO accounts (user_id) SELECT md5(n::text)::uuid FROM generate_series(1, 5000) n;
            INSERT INTO buckets SELECT md5((n % 5000 + 1)::text)::uuid, 0, '2026-01-01Z'::timestamptz + (n / 5000) * interval '24 hours',
                '2026-01-02Z'::timestamptz + (n / 5000) * interval '24 hours', 0, 1, 0, false
            FROM generate_series(0, 49999) n ON CONFLICT DO NOTHING;
            INSERT INTO reservations (id, group_id, user_id, state, attempt, tier, allowance, period_start, priority, reserved_at,
                expires_at)
            SELECT md5('r' || n)::uuid, md5('r' || n)::uuid, md5((n % 5000 + 1)::text)::uuid,
                CASE WHEN n % 1000 = 0 THEN 'reserved' ELSE 'committed' END, 0, 0, 0, '2026-01-01Z', 0, '2026-01-01Z', '2026-01-01Z'
            FROM generate_series(0, 99999) n;
            INSERT INTO ledger (user_id, kind, cause, allowance, period_start, reserved, used, granted, at)
            SELECT md5((n % 5000 + 1)::text)::uuid, 'commit', 'test', 0, '2026-01-01Z', 0, 1, 0,
                '2026-01-01Z'::timestamptz + n * interval '1 minute' FROM generate_series(0, 199999) n;
            ANALYZE
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("SELECT * FROM accounts WHERE user_id = md5('7')::uuid FOR UPDATE")]
    [InlineData("SELECT * FROM reservations WHERE id = md5('r7')::uuid")]
    [InlineData(
        "UPDATE buckets SET reserved = reserved + 1 WHERE user_id = md5('7')::uuid AND allowance = 0 AND period_start = '2026-01-03Z'")]
    [InlineData("SELECT id FROM reservations WHERE user_id = md5('7')::uuid AND state = 'reserved' AND expires_at <= '2026-01-02Z'")]
    [InlineData("SELECT id FROM reservations WHERE state = 'confirmed' AND confirmed_at < '2026-01-02Z' ORDER BY confirmed_at LIMIT 100")]
    [InlineData("SELECT kind FROM ledger WHERE user_id = md5('7')::uuid AND at >= '2026-01-01Z' AND at < '2026-02-01Z'")]
    [InlineData("SELECT id FROM ledger WHERE user_id = md5('7')::uuid ORDER BY id DESC LIMIT 20")]
    [InlineData("SELECT count(*) FROM ledger WHERE kind = 'commit' AND at >= '2026-05-18Z'")]
    public async Task Statement_OnALargeLedger_UsesAnIndex(string sql)
    {
        await using var command = app.Database.CreateCommand($"EXPLAIN {sql}");
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var exists = app.Database.CreateCommand("SELECT EXISTS (SELECT FROM accounts)");
        if (await exists.ExecuteScalarAsync() is true)
            return;
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}
