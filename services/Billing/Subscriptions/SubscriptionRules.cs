using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>What a customer's subscription buys.</summary>
/// <param name="Subscription">The one that counts; null without a live one.</param>
/// <param name="Tier">FREE when nothing is paid.</param>
/// <param name="Until">When the tier ends by the clock: end of the cancelled period, or of the grace.</param>
/// <param name="Period">The period that was paid last, which names the bucket.</param>
/// <param name="GraceUntil">While a payment is overdue.</param>
/// <param name="Extra">Live ones beside it, which must not be: a member has one subscription.</param>
public sealed record Bought(
    SubscriptionState? Subscription, Tier Tier, DateTimeOffset? Until, BucketPeriod? Period, DateTimeOffset? GraceUntil, IReadOnlyList<SubscriptionState> Extra);

/// <summary>From Stripe's state to ours, as a pure function of what Stripe holds now: the order and number of events cannot matter.</summary>
public static class SubscriptionRules
{
    /// <summary>How long a tier outlives the first failure of a payment.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>What is bought by the state that was read.</summary>
    public static Bought Of(CustomerState customer)
    {
        var live = customer.Subscriptions.Where(s => s.IsLive).OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal).ToList();
        if (live.Count == 0)
            return new Bought(null, Tier.Free, null, null, null, []);
        var subscription = live.Find(s => s.Status != "past_due") ?? live[0];
        live.Remove(subscription);
        var invoices = customer.Invoices.Where(i => i.SubscriptionId == subscription.Id).ToList();
        var grace = subscription.Status == "past_due" ? GraceUntil(subscription, invoices) : (DateTimeOffset?)null;
        var paid = invoices.Where(i => i.OpensPeriod && i.Status == "paid").MaxBy(i => i.Period!.Value.Start);
        if (paid is null || paid.IsTakenBack)
            return new Bought(subscription, Tier.Free, null, null, grace, live);

        // Between a period's end and its payment the last paid bucket goes on; it is full again with the payment at the latest.
        var period = paid.Period!.Value;
        if (subscription.Period.End > period.End)
            period = period with { End = subscription.Period.End };
        return new Bought(subscription, subscription.Tier, Earliest(subscription.CancelAt, grace), period, grace, live);
    }

    /// <summary>The first failure of what is still owed, and seven days.</summary>
    private static DateTimeOffset GraceUntil(SubscriptionState subscription, List<InvoiceState> invoices)
    {
        var owed = invoices.Where(i => i.Status == "open" && i.Attempted && i.FinalizedAt is not null).MinBy(i => i.FinalizedAt);
        return (owed?.FinalizedAt ?? subscription.Period.Start) + Grace;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => (one, other) switch
    {
        ({ } a, { } b) => a < b ? a : b,
        _ => one ?? other,
    };
}
