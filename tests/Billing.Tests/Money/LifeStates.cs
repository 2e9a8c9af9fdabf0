using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>A life as it is read from Stripe.</summary>
internal static class LifeStates
{
    public static CustomerState State(this Life life) =>
        new(life.Customer, [.. life.Subscriptions.Select(State)], [.. life.Bills.Select(State)]) { IsGone = life.IsGone };

    private static SubscriptionState State(LifeSubscription subscription) => new()
    {
        Id = subscription.Id,
        Status = subscription.Status,
        Tier = subscription.Tier,
        ItemId = $"si_{subscription.Id}",
        PriceId = $"price_{subscription.Tier}",
        Period = new BucketPeriod(subscription.Start, subscription.End),
        CreatedAt = subscription.Created,
        CancelAt = subscription.CancelAt,
        CancelAtPeriodEnd = subscription.CancelAt is not null,
        EndedAt = subscription.EndedAt,
        Pending = subscription.Pending is { } bill ? new PendingChange(bill.To, bill.Created.AddHours(23), PendingReason.Payment) : null,
    };

    private static InvoiceState State(LifeBill bill) => new()
    {
        Id = bill.Id,
        SubscriptionId = bill.Subscription.Id,
        Status = bill.Status,
        BillingReason = Reason(bill),
        AmountDue = bill.Amount,
        AmountPaid = bill.PaidAt is null ? 0 : bill.Amount,
        Currency = "usd",
        CreatedAt = bill.Created,
        FinalizedAt = bill.Finalized,
        PaidAt = bill.PaidAt,
        Attempted = bill.Attempted,
        Lines = [.. Lines(bill)],
        RefundedCents = bill.Refunded,
        Disputes = [.. bill.Disputes.Select(d => new DisputeState(d.Amount, d.Status))],
    };

    public static BillingReason Reason(LifeBill bill) =>
        bill.IsUpgrade
            ? BillingReason.SubscriptionUpdate
            : bill.IsFirst
            ? BillingReason.SubscriptionCreate
            : BillingReason.SubscriptionCycle;

    /// <summary>A credit for what is left of the tier before, and the charge for what is left of the new one.</summary>
    public static IEnumerable<InvoiceLineState> Lines(LifeBill bill)
    {
        var left = new BucketPeriod(bill.Created, bill.PeriodEnd);
        if (!bill.IsUpgrade)
            return [new InvoiceLineState(bill.To, bill.Amount, new BucketPeriod(bill.PeriodStart, bill.PeriodEnd), false)];
        return [new InvoiceLineState(bill.From, -700, left, true), new InvoiceLineState(bill.To, bill.Amount + 700, left, true)];
    }
}
