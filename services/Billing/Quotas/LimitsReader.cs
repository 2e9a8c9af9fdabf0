using Npgsql;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Quotas;

/// <summary>A member's allowance as it stands.</summary>
public sealed record Limits(
    Tier Tier,
    AlvaeLevel? Alvae,
    Allowance Allowance,
    int? Limit,
    QuotaPeriod Period,
    int Used,
    int Reserved,
    int? Remaining,
    DateTimeOffset? ResetAt,
    IReadOnlyList<Quality> Qualities,
    StorageLimits Storage,
    TierFeatures Features);

/// <summary>Bytes occupied, and how many may be; null when unlimited.</summary>
public sealed record StorageLimits(long UsedBytes, long? LimitBytes);

/// <summary>Reads a member's allowance in one statement.</summary>
internal sealed class LimitsReader(NpgsqlDataSource database, TimeProvider clock)
{
    // What lapsed and was not swept yet no longer counts.
    private const string Statement =
        """
        SELECT x.tier, a.alvae, x.reset_at, a.storage_bytes, coalesce(b.reserved, 0) - (
                SELECT count(*)::int FROM reservations r
                WHERE r.state = 'reserved' AND r.expires_at <= $2 AND r.user_id = b.user_id AND r.allowance = b.allowance
                    AND r.period_start = b.period_start),
            coalesce(b.used, 0), coalesce(b.granted, 0)
        FROM account_of($1) a CROSS JOIN LATERAL allowance_at(a, $2, $3) x
        LEFT JOIN buckets b ON b.user_id = $1 AND b.allowance = x.allowance AND b.period_start = x.period_start
        """;

    public async Task<Limits> ReadAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Statement);
        command.Parameters.AddWithValue(userId);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(QuotaLedger.Allowances);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var entitlement = Entitlement.Of((Tier)row.GetInt32(0), row.IsDBNull(1) ? null : (AlvaeLevel)row.GetInt16(1));
        var balance = new BucketBalance(row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), false);
        return new Limits(
            entitlement.Tier,
            entitlement.Alvae,
            entitlement.Allowance,
            entitlement.Units + balance.Granted,
            entitlement.Allowance == Allowance.Free ? QuotaPeriod.Day : QuotaPeriod.Month,
            balance.Used,
            balance.Reserved,
            QuotaRules.Remaining(entitlement.Units, balance),
            entitlement.Units is null ? null : row.GetFieldValue<DateTimeOffset>(2),
            entitlement.Plan.Qualities,
            new StorageLimits(row.GetInt64(3), entitlement.Plan.StorageBytes),
            entitlement.Plan.Features);
    }
}
