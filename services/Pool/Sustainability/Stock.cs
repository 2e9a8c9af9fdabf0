using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Pool.Sustainability;

/// <summary>The pool's figures, counted at most every two seconds a replica.</summary>
internal sealed class Stock(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    private const string Count =
        """
        WITH paid AS (
            SELECT tier, count(*) AS members, COALESCE(sum(unit_limit), 0) AS units FROM members
            WHERE allowance = 'Paid' AND NOT deleted GROUP BY tier ORDER BY tier)
        SELECT
            ARRAY(SELECT tier FROM paid), ARRAY(SELECT members FROM paid), ARRAY(SELECT units FROM paid),
            (SELECT count(*) FROM (
                SELECT user_id FROM claim_days WHERE day > $2
                UNION SELECT user_id FROM tracks WHERE completed_at > $1 AND allowance = 'Free') AS active
                WHERE NOT EXISTS (SELECT FROM members AS m WHERE m.user_id = active.user_id AND (m.allowance <> 'Free' OR m.deleted))),
            (SELECT count(*) FROM tracks WHERE available),
            (SELECT count(*) FROM tracks WHERE contributed_at > $1),
            (SELECT COALESCE(sum(used), 0) FROM claim_days WHERE day > $2),
            (SELECT COALESCE(sum(used), 0) FROM claim_days WHERE day > $3),
            (SELECT min(contributed_at) FROM tracks WHERE contributed_at > $1),
            (SELECT max(contributed_at) FROM tracks WHERE contributed_at IS NOT NULL)
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1, 1);
    private (StockFacts Facts, long At)? _counted;

    public async Task<StockFacts> FactsAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_counted is { } known && clock.GetElapsedTime(known.At) < Fresh)
                return known.Facts;
            var facts = await CountAsync(cancellationToken);
            _counted = (facts, clock.GetTimestamp());
            return facts;
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<DateTimeOffset?> NextExpectedAsync(CancellationToken cancellationToken) =>
        Forecast.Of(await FactsAsync(cancellationToken), clock.GetUtcNow()).NextExpectedAt;

    public void Dispose() => _one.Dispose();

    internal async Task<StockFacts> CountAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var rows = await database.ReadAsync(Count, [now.AddDays(-30), today.AddDays(-30), today.AddDays(-7)], Read,
            cancellationToken);
        return rows[0];
    }

    private static StockFacts Read(NpgsqlDataReader row)
    {
        var (tiers, members, units) = (row.GetFieldValue<string[]>(0), row.GetFieldValue<long[]>(1), row.GetFieldValue<long[]>(2));
        return new StockFacts(
            [.. tiers.Select((tier, n) => new PaidTier(tier, members[n], units[n]))], row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), row.GetInt64(7),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9));
    }
}

/// <summary>Whether operators were told that the pool is low: one row.</summary>
internal sealed class StockAlarm
{
    public int Id { get; init; }
    public bool Low { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<StockAlarm>
    {
        public void Configure(EntityTypeBuilder<StockAlarm> builder) => builder.ToTable("stock_alarm").HasKey(a => a.Id);
    }
}

/// <summary>Warns operators once when the pool holds less than the next day is expected to take, and again only after it had
/// recovered.</summary>
/// <remarks>The alarm's row is locked before the pool is counted: of two replicas that check at once, the one that counted earlier can't
/// overwrite what the other one saw later.</remarks>
internal sealed class StockWatch(
    Stock stock, IServiceScopeFactory scopes, TimeProvider clock, ILogger<StockWatch> log)
    : PeriodicWorker(TimeSpan.FromSeconds(30), clock, log)
{
    /// <summary>The one pool, as an aggregate of events.</summary>
    private static readonly Guid Pool = new("706f6f6c-0000-7000-8000-000000000001");

    protected override Task RunAsync(CancellationToken cancellationToken) => CheckAsync(cancellationToken);

    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PoolDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var wasLow = (await db.Database.SqlQuery<bool>(
            $"""
            INSERT INTO stock_alarm AS a (id, low) VALUES (1, false)
            ON CONFLICT (id) DO UPDATE SET low = a.low RETURNING low AS "Value"
            """).ToListAsync(cancellationToken))[0];
        var facts = await stock.CountAsync(cancellationToken);
        var threshold = Forecast.ExpectedClaims(facts.ClaimedLately);
        var low = facts.Available < threshold;
        if (low != wasLow)
            await db.Database.ExecuteSqlAsync($"UPDATE stock_alarm SET low = {low} WHERE id = 1", cancellationToken);
        if (low && !wasLow)
        {
            scope.ServiceProvider.GetRequiredService<Outbox>().Publish(new PoolLow
            {
                PoolId = Pool,
                Available = (int)facts.Available,
                Threshold = threshold,
                NextExpectedAt = Forecast.Of(facts, Clock.GetUtcNow()).NextExpectedAt,
                Sequence = (await db.Database.SqlQuery<long>($"SELECT nextval('event_sequence') AS \"Value\"")
                .ToListAsync(cancellationToken))[0],
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
