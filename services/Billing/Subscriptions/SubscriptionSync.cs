using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Invoices;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>What was read of a member's customer, and what it buys.</summary>
internal sealed record Reading(CustomerState Customer, Bought Bought);

/// <summary>Brings a member's entitlement to what Stripe holds now.</summary>
/// <remarks>
/// Nothing is held while Stripe answers. Readings of one customer are numbered as they begin, and an older one never overwrites a newer
/// one: whatever began later has seen all that was there
/// when this one began. What is written follows from the reading alone: any event may come twice, late, in any order or never.
/// </remarks>
internal sealed class SubscriptionSync(
    BillingDb db, CustomerReader reader, AccountStore accounts, InvoiceBook invoices, Outbox outbox, TimeProvider clock)
{
    private sealed record Begun(string CustomerId, bool Deleted, long ReadingsBegun);

    /// <summary>Reads a member's customer and applies it; null without a customer.</summary>
    public async Task<Reading?> SyncAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await BeginAsync(userId, cancellationToken) is not { } begun)
            return null;
        var state = await reader.ReadAsync(begun.CustomerId, cancellationToken);
        if (begun.Deleted)
            state = state with { IsGone = true };
        var reading = new Reading(state, SubscriptionRules.Of(state, clock.GetUtcNow()));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await IsNewestAsync(userId, begun, cancellationToken))
        {
            await ApplyAsync(userId, reading, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        db.ChangeTracker.Clear();
        return reading;
    }

    private async Task<Begun?> BeginAsync(Guid userId, CancellationToken cancellationToken) => (await db.Database.SqlQuery<Begun>(
        $"""
        UPDATE stripe_customers SET readings_begun = readings_begun + 1 WHERE user_id = {userId}
        RETURNING customer_id, deleted, readings_begun
        """).ToListAsync(cancellationToken)).SingleOrDefault();

    private async Task<bool> IsNewestAsync(Guid userId, Begun begun, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
        $"""
        UPDATE stripe_customers SET reading_applied = {begun.ReadingsBegun}, synced_at = {clock.GetUtcNow()}
        WHERE user_id = {userId} AND customer_id = {begun.CustomerId} AND reading_applied < {begun.ReadingsBegun}
        """,
        cancellationToken) == 1;

    private async Task ApplyAsync(Guid userId, Reading reading, CancellationToken cancellationToken)
    {
        var bought = reading.Bought;
        var account = await accounts.LockAsync(userId, cancellationToken);
        account = account with
        {
            PaidTier = bought.Tier,
            PaidUntil = bought.Until,
            // The last bucket stays named when nothing is paid any more: what was spent is not forgotten by leaving and returning.
            PeriodStart = bought.Period?.Start ?? account.PeriodStart,
            PeriodEnd = bought.Period?.End ?? account.PeriodEnd,
            RefillAt = bought.RefillAt,
        };
        account = await StoreSubscriptionsAsync(account, reading, cancellationToken);
        account = await invoices.StoreAsync(account, reading.Customer.Invoices, cancellationToken);
        await accounts.SaveAsync(account, cancellationToken);
    }

    private async Task<Account> StoreSubscriptionsAsync(Account account, Reading reading, CancellationToken cancellationToken)
    {
        var known = await db.Set<StoredSubscription>().AsNoTracking().Where(s => s.UserId == account.UserId)
            .ToDictionaryAsync(s => s.Id, cancellationToken);
        var rows = reading.Customer.Subscriptions.Select(s => Row(account.UserId, s, reading.Bought)).ToList();
        // With a customer that Stripe has forgotten, so are its subscriptions.
        rows.AddRange(
            known.Values.Where(k => k.Current && rows.TrueForAll(r => r.Id != k.Id))
                .Select(k => k with { Status = SubscriptionStatus.Canceled, Current = false }));
        foreach (var row in rows)
        {
            var before = known.GetValueOrDefault(row.Id);
            if (row == before)
                continue;
            if (before is null)
                db.Add(row);
            else
                db.Update(row);
            account = account with { Sequence = account.Sequence + 1 };
            outbox.Publish(Changed(account, row));
        }

        return account;
    }

    private static SubscriptionChanged Changed(Account account, StoredSubscription row) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        SubscriptionId = row.Id,
        Tier = row.Tier,
        Status = row.Status.ToWord(),
        CurrentPeriodStart = row.PeriodStart,
        CurrentPeriodEnd = row.PeriodEnd,
        CancelAtPeriodEnd = row.CancelAtPeriodEnd,
    };

    private static StoredSubscription Row(Guid userId, SubscriptionState subscription, Bought bought)
    {
        var current = bought.Subscription?.Id == subscription.Id;
        return new StoredSubscription
        {
            Id = subscription.Id,
            UserId = userId,
            Status = subscription.Status,
            Tier = subscription.Tier,
            ItemId = subscription.ItemId,
            PeriodStart = subscription.Period.Start,
            PeriodEnd = subscription.Period.End,
            CreatedAt = subscription.CreatedAt,
            CancelAt = subscription.CancelAt,
            CancelAtPeriodEnd = subscription.CancelAtPeriodEnd,
            ScheduleId = subscription.ScheduleId,
            PendingTier = subscription.Pending?.Tier,
            PendingAt = subscription.Pending?.At,
            PendingReason = subscription.Pending?.Reason,
            GraceUntil = current ? bought.GraceUntil : null,
            Current = current,
        };
    }
}
