using Npgsql;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Admin;

/// <summary>Whether buckets, the sums of the ledger and the states of the units agree.</summary>
public sealed record LedgerReport(
    int Differences, long Buckets, long Entries, DateTimeOffset CheckedAt, IReadOnlyList<LedgerDifference> Items);

/// <summary>A bucket where they don't.</summary>
public sealed record LedgerDifference(
    Guid UserId, Allowance Allowance, DateTimeOffset PeriodStart, LedgerSums Bucket, LedgerSums Ledger, LedgerSums Units);

/// <summary>Units by one of the three ways of counting.</summary>
public sealed record LedgerSums(long Reserved, long Used, long? Granted);

internal sealed class LedgerCheck(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Shown = 100;

    public async Task<LedgerReport> RunAsync(CancellationToken cancellationToken)
    {
        // One snapshot: what is reserved while we count must not look like a difference.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var items = new List<LedgerDifference>();
        var differences = 0;
        await using (var find = new NpgsqlCommand(
            """
            SELECT user_id, allowance, period_start, bucket_reserved, bucket_used, bucket_granted, ledger_reserved, ledger_used,
                ledger_granted, units_reserved, units_used
            FROM ledger_differences
            """,
            connection,
            transaction))
        await using (var row = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                if (++differences <= Shown)
                    items.Add(Read(row));
            }
        }

        await using var count = new NpgsqlCommand(
            "SELECT (SELECT count(*) FROM buckets), (SELECT count(*) FROM ledger)", connection, transaction);
        await using var counts = await count.ExecuteReaderAsync(cancellationToken);
        await counts.ReadAsync(cancellationToken);
        return new LedgerReport(differences, counts.GetInt64(0), counts.GetInt64(1), clock.GetUtcNow(), items);
    }

    private static LedgerDifference Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        (Allowance)row.GetInt16(1),
        row.GetFieldValue<DateTimeOffset>(2),
        new LedgerSums(row.GetInt32(3), row.GetInt32(4), row.GetInt32(5)),
        new LedgerSums(row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
        new LedgerSums(row.GetInt64(9), row.GetInt64(10), null));
}
