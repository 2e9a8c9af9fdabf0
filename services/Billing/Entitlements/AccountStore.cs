using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>Changes the facts of a member, and tells when the entitlement is another one.</summary>
internal sealed class AccountStore(BillingDb db, Outbox outbox, TimeProvider clock)
{
    /// <summary>Locks the member's row for the current transaction, making it where there is none.</summary>
    public async Task<Account> LockAsync(Guid userId, CancellationToken cancellationToken) =>
        (await db.Set<Account>().FromSql($"SELECT * FROM lock_account({userId})").AsNoTracking().ToListAsync(cancellationToken))[0];

    /// <summary>Writes the facts of a locked member. Storage is not among them.</summary>
    public async Task<Account> SaveAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var entitlement = account.EntitlementAt(now);
        if (entitlement.Tier != account.ToldTier || entitlement.Alvae != account.ToldAlvae)
        {
            account = account with { Sequence = account.Sequence + 1, ToldTier = entitlement.Tier, ToldAlvae = entitlement.Alvae };
            outbox.Publish(Told(account, entitlement));
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE accounts SET paid_tier = {(short)account.PaidTier}, paid_until = {account.PaidUntil}, period_start = {account.PeriodStart}, period_end = {account.PeriodEnd},
                comp_tier = {(short)account.CompTier}, comp_from = {account.CompFrom}, comp_until = {account.CompUntil},
                alvae = {(short?)account.Alvae}, deleted_at = {account.DeletedAt},
                sequence = {account.Sequence}, told_tier = {(short)account.ToldTier}, told_alvae = {(short?)account.ToldAlvae}
            WHERE user_id = {account.UserId}
            """,
            cancellationToken);
        return account;
    }

    private static EntitlementChanged Told(Account account, Entitlement entitlement) => new()
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
