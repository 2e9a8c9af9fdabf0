using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tiers;

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

internal sealed class LimitsReader(BillingDb db, NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<Limits> ReadAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var account = await db.Set<Account>().FindAsync([userId], cancellationToken) ?? Account.Unknown(userId);
        var entitlement = account.EntitlementAt(now);
        var period = account.BucketAt(now);
        var balance = await BalanceAsync(userId, entitlement.Allowance, period.Start, now, cancellationToken);
        return new Limits(
            entitlement.Tier,
            entitlement.Alvae,
            entitlement.Allowance,
            entitlement.Units + balance.Granted,
            entitlement.Allowance == Allowance.Free ? QuotaPeriod.Day : QuotaPeriod.Month,
            balance.Used,
            balance.Reserved,
            QuotaRules.Remaining(entitlement.Units, balance),
            entitlement.Units is null ? null : period.End,
            entitlement.Plan.Qualities,
            new StorageLimits(account.StorageBytes, entitlement.Plan.StorageBytes),
            entitlement.Plan.Features);
    }

    /// <summary>The bucket's balance; what lapsed and was not swept yet no longer counts.</summary>
    private async Task<BucketBalance> BalanceAsync(
        Guid userId, Allowance allowance, DateTimeOffset start, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT b.reserved - (
                SELECT count(*)::int FROM reservations r
                WHERE r.state = 'reserved' AND r.expires_at <= $4 AND r.user_id = b.user_id AND r.allowance = b.allowance AND r.period_start = b.period_start),
                b.used, b.granted, b.told_exhausted
            FROM buckets b WHERE b.user_id = $1 AND b.allowance = $2 AND b.period_start = $3
            """);
        command.Parameters.AddWithValue(userId);
        command.Parameters.AddWithValue((short)allowance);
        command.Parameters.AddWithValue(start);
        command.Parameters.AddWithValue(now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new BucketBalance(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetBoolean(3))
            : default;
    }
}
