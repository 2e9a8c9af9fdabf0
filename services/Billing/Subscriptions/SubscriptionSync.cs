using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Invoices;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Brings a member's entitlement to what Stripe holds now.</summary>
/// <remarks>
/// Reading and writing one customer happens under one lock, so that an older reading never overwrites a newer one; the member's row is locked only for the writing, so that
/// reservations do not wait for Stripe. What is written follows from the reading alone: any event may come twice, late, in any order or never.
/// </remarks>
internal sealed class SubscriptionSync(
    BillingDb db, CustomerReader reader, AccountStore accounts, InvoiceBook invoices, Outbox outbox, TimeProvider clock)
{
    /// <summary>Reads a member's customer and applies it; returns what it buys, or null without a customer.</summary>
    public async Task<Bought?> SyncAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({userId.ToString()}, 0))", cancellationToken);
        var customer = await db.Set<Customer>().AsNoTracking().SingleOrDefaultAsync(c => c.UserId == userId, cancellationToken);
        if (customer is null)
            return null;
        var state = await reader.ReadAsync(customer.CustomerId, cancellationToken);
        var bought = SubscriptionRules.Of(state);
        await ApplyAsync(userId, state, bought, cancellationToken);
        await db.Set<Customer>().Where(c => c.UserId == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.SyncedAt, clock.GetUtcNow()), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return bought;
    }

    private async Task ApplyAsync(Guid userId, CustomerState state, Bought bought, CancellationToken cancellationToken)
    {
        var account = await accounts.LockAsync(userId, cancellationToken);
        account = account with
        {
            PaidTier = bought.Tier,
            PaidUntil = bought.Until,
            // The last bucket stays named when nothing is paid any more: what was spent is not forgotten by leaving and returning.
            PeriodStart = bought.Period?.Start ?? account.PeriodStart,
            PeriodEnd = bought.Period?.End ?? account.PeriodEnd,
        };
        account = await StoreSubscriptionsAsync(account, state, bought, cancellationToken);
        account = await invoices.StoreAsync(account, state.Invoices, cancellationToken);
        await accounts.SaveAsync(account, cancellationToken);
    }

    private async Task<Account> StoreSubscriptionsAsync(Account account, CustomerState state, Bought bought, CancellationToken cancellationToken)
    {
        var known = await db.Set<Subscription>().AsNoTracking().Where(s => s.UserId == account.UserId).ToDictionaryAsync(s => s.Id, cancellationToken);
        foreach (var subscription in state.Subscriptions)
        {
            var row = Row(account.UserId, subscription, bought);
            var before = known.GetValueOrDefault(subscription.Id);
            if (row == before)
                continue;
            if (before is null)
                db.Add(row);
            else
                db.Update(row);
            account = account with { Sequence = account.Sequence + 1 };
            outbox.Publish(new SubscriptionChanged
            {
                UserId = account.UserId,
                Sequence = account.Sequence,
                SubscriptionId = row.Id,
                Tier = row.Tier,
                Status = row.Status,
                CurrentPeriodStart = row.PeriodStart,
                CurrentPeriodEnd = row.PeriodEnd,
                CancelAtPeriodEnd = row.CancelAtPeriodEnd,
            });
        }

        return account;
    }

    private static Subscription Row(Guid userId, SubscriptionState subscription, Bought bought)
    {
        var current = bought.Subscription?.Id == subscription.Id;
        return new Subscription
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

/// <summary>Ends subscriptions that must not be.</summary>
internal sealed class SurplusSubscriptions(IStripe stripe, ILogger<SurplusSubscriptions> log)
{
    /// <summary>A member has one subscription: what was started beside it ends at once.</summary>
    public async Task EndAsync(Guid userId, IEnumerable<SubscriptionState> surplus, CancellationToken cancellationToken)
    {
        foreach (var subscription in surplus)
        {
            log.LogWarning("Member {UserId} has a second subscription {Subscription}; it ends now", userId, subscription.Id);
            await EndAsync(subscription.Id, cancellationToken);
        }
    }

    /// <summary>Ends a subscription now; one that is gone already is as good.</summary>
    public async Task EndAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        try
        {
            await stripe.SendAsync(HttpMethod.Delete, $"/v1/subscriptions/{subscriptionId}", StripeForm.Empty, null, cancellationToken);
        }
        catch (StripeRefusal e) when (e.Status is 404 or 400)
        {
            log.LogInformation("Subscription {Subscription} is gone already: {Reason}", subscriptionId, e.Message);
        }
    }
}
