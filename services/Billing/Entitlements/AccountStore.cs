using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>Changes the facts of a member.</summary>
internal sealed class AccountStore(BillingDb db, Outbox outbox, TimeProvider clock)
{
    /// <summary>Locks the member's row for the current transaction, making it where there is none.</summary>
    public async Task<Account> LockAsync(Guid userId, CancellationToken cancellationToken) =>
        (await db.Set<Account>().FromSql($"SELECT * FROM lock_account({userId})").AsNoTracking().ToListAsync(cancellationToken))[0];

    /// <summary>Writes the facts of a locked member, and publishes what they entitle to when that is another thing than before. Storage
    /// is not among them.</summary>
    public async Task SaveAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var tiers = await db.Database.SqlQuery<int>(
            $"""
            UPDATE accounts SET paid_tier = {(short)account.PaidTier}, paid_until = {account.PaidUntil},
                period_start = {account.PeriodStart},
                period_end = {account.PeriodEnd}, refill_at = {account.RefillAt},
                comp_tier = {(short)account.CompTier}, comp_from = {account.CompFrom}, comp_until = {account.CompUntil},
                alvae = {(short?)account.Alvae}, deleted_at = {account.DeletedAt}, sequence = {account.Sequence}
            WHERE user_id = {account.UserId} RETURNING tier_at(accounts, {now}) AS "Value"
            """).ToListAsync(cancellationToken);
        var tier = (Tier)tiers[0];
        if (tier != account.PublishedTier || account.Alvae != account.PublishedAlvae)
            await PublishAsync(
                account with { Sequence = account.Sequence + 1, PublishedTier = tier, PublishedAlvae = account.Alvae }, cancellationToken);
    }

    /// <summary>Erases the answers that are kept for a member's idempotency keys.</summary>
    public Task EraseAnswersAsync(Guid userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE user_id = {userId}", cancellationToken);

    private async Task PublishAsync(Account account, CancellationToken cancellationToken)
    {
        outbox.Publish(Changed(account, Entitlement.Of(account.PublishedTier, account.PublishedAlvae)));
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE accounts SET sequence = {account.Sequence}, published_tier = {(short)account.PublishedTier},
                published_alvae = {(short?)account.PublishedAlvae}
            WHERE user_id = {account.UserId}
            """,
            cancellationToken);
    }

    private static EntitlementChanged Changed(Account account, Entitlement entitlement) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        Tier = entitlement.Tier,
        Alvae = entitlement.Alvae,
        Allowance = entitlement.Allowance,
        Limit = entitlement.Units,
        Qualities = entitlement.Plan.Qualities,
        Stems = entitlement.Plan.Features.Stems,
        ApiKeys = entitlement.Plan.Features.ApiKeys,
        StorageLimitBytes = entitlement.Plan.StorageBytes,
    };
}
