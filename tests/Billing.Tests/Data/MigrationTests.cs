using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests.Data;

[Trait("Category", "Integration")]
public class MigrationTests
{
    private const string Before = "20261122153007_OneOrderOfBadges";

    [Fact]
    public async Task Migration_OfAFilledDatabase_KeepsWhatIsThere_AndLeavesOutCustomersThatNeverWere()
    {
        var servers = await ServerSet.GetAsync();
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabaseAsync("billing"));
        await using var db = new BillingDb(
            new DbContextOptionsBuilder<BillingDb>().UseNpgsql(database).UseSnakeCaseNamingConvention().Options);
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        await using (var fill = database.CreateCommand(
            """
            INSERT INTO accounts (user_id, paid_tier, told_tier, storage_bytes, sequence)
            SELECT md5(n::text)::uuid, n % 4, n % 4, n, n FROM generate_series(1, 20) n;
            INSERT INTO stripe_customers (user_id, customer_id, generation, deleted)
            SELECT md5(n::text)::uuid, CASE WHEN n > 2 THEN 'cus_' || n END, 0, false FROM generate_series(1, 20) n;
            INSERT INTO invoices (id, user_id, status, billing_reason, amount_due, amount_paid, currency, created_at, refunded_cents,
                dispute,
                told_paid, told_refunded_cents)
            SELECT 'in_' || n, md5(n::text)::uuid, 'paid', 'subscription_cycle', 999, 999, 'usd', now(), n, 'lost', true, n
            FROM generate_series(1, 20) n;
            INSERT INTO buckets (user_id, allowance, period_start, period_end, reserved, used, granted, told_exhausted)
            SELECT md5(n::text)::uuid, 1, '2026-11-01Z', '2026-12-01Z', 0, 0, 0, n > 5 FROM generate_series(1, 20) n;
            """))
        {
            await fill.ExecuteNonQueryAsync();
        }

        await migrator.MigrateAsync();

        await using var command = database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM accounts WHERE published_tier = paid_tier AND storage_bytes = sequence),
                (SELECT count(*) FROM stripe_customers WHERE customer_id LIKE 'cus\_%' AND readings_begun = 0),
                (SELECT count(*) FROM stripe_customers),
                (SELECT count(*) FROM invoices WHERE paid_published AND refunded_cents_published = refunded_cents),
                (SELECT count(*) FROM buckets WHERE exhausted_published)
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Assert.Equal([20L, 18, 18, 20, 15], Enumerable.Range(0, 5).Select(row.GetInt64));
        Assert.False(db.Database.HasPendingModelChanges());
    }
}
