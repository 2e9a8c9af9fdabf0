using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>What a customer's money buys.</summary>
/// <param name="Subscription">The one that counts; null without a live one.</param>
/// <param name="Tier">FREE when nothing is paid.</param>
/// <param name="Until">When the tier ends by the clock: end of the cancelled period, of the grace, or of a period that was paid after the
/// subscription's end.</param>
/// <param name="Period">The period that was paid last, which names the bucket.</param>
/// <param name="RefillAt">When the payment of the period after it is expected.</param>
/// <param name="GraceUntil">While a payment is overdue.</param>
/// <param name="Surplus">Live ones beside it, which must not be: a member has one subscription.</param>
public sealed record Bought(
    SubscriptionState? Subscription, Tier Tier, DateTimeOffset? Until, BucketPeriod? Period, DateTimeOffset? RefillAt,
    DateTimeOffset? GraceUntil,
    IReadOnlyList<SubscriptionState> Surplus);

/// <summary>What was paid and not given back decides what a member has: a pure function of what Stripe holds now, so that the order and
/// number of events cannot matter.</summary>
/// <remarks>
/// Invoices are put together by the period that they pay for: its own invoice, and the prorations of upgrades within it. Each is a step
/// up that was sold for what was paid for it. The money
/// that was kept buys the steps in their order; a step whose invoice went back whole takes with it what its money had paid for. The
/// subscription's own tier is the most that it can be:
/// who switched down has had the difference credited.
/// </remarks>
public static class SubscriptionRules
{
    /// <summary>How long a tier outlives the first failure of a payment.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>How long Stripe keeps a renewal's invoice as a draft.</summary>
    public static readonly TimeSpan DraftTime = TimeSpan.FromHours(1);

    private static readonly Bought Nothing = new(null, Tier.Free, null, null, null, null, []);

    /// <summary>What is bought by the state that was read.</summary>
    public static Bought Of(CustomerState customer, DateTimeOffset now)
    {
        if (customer.IsGone)
            return Nothing;
        var live = customer.Subscriptions.Where(s => s.IsLive).OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal).ToList();
        var subscription = live.Find(s => s.Status != SubscriptionStatus.PastDue) ?? live.FirstOrDefault();
        if (subscription is not null)
            live.Remove(subscription);
        var running = subscription is null ? Nothing : Running(subscription, InvoicesOf(customer, subscription));
        var late = customer.Subscriptions.Select(s => PaidLate(customer, s)).Where(l => l?.Until > now).MaxBy(l => (l!.Tier, l.Until));
        return late?.Tier > running.Tier
            ? running with { Tier = late.Tier, Until = late.Until, Period = late.Period, RefillAt = null, Surplus = live }
            : running with { Surplus = live };
    }

    /// <summary>Open invoices that must not be paid any more: of ended subscriptions, once their period is over or another subscription
    /// runs.</summary>
    public static IEnumerable<InvoiceState> Obsolete(CustomerState customer, DateTimeOffset now)
    {
        var replaced = customer.Subscriptions.Any(s => s.IsLive);
        return from subscription in customer.Subscriptions
               where subscription.Status == SubscriptionStatus.Canceled
               from invoice in InvoicesOf(customer, subscription)
               where invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible
               where replaced || invoice.BillingReason == BillingReason.SubscriptionUpdate || !IsUnspent(invoice, now)
               select invoice;
    }

    /// <summary>Whether an invoice is for time that is still to come.</summary>
    public static bool IsUnspent(InvoiceState invoice, DateTimeOffset now) => invoice.Lines.Any(l => l.Period.End > now);

    /// <summary>The invoices that an upgrade waits for.</summary>
    public static IEnumerable<InvoiceState> AwaitedByUpgrade(CustomerState customer, SubscriptionState subscription) =>
        subscription.Pending is { Reason: PendingReason.Payment }
            ? InvoicesOf(customer, subscription)
                .Where(i => i is { Status: InvoiceStatus.Open, BillingReason: BillingReason.SubscriptionUpdate })
            : [];

    private static Bought Running(SubscriptionState subscription, List<InvoiceState> invoices)
    {
        var grace = subscription.Status == SubscriptionStatus.PastDue ? GraceUntil(subscription, invoices) : (DateTimeOffset?)null;
        var paid = PaidPeriod.Last(invoices, subscription.Period);
        if (paid is null || paid.Tier == Tier.Free)
            return Nothing with { Subscription = subscription, GraceUntil = grace };
        var tier = paid.Tier < subscription.Tier ? paid.Tier : subscription.Tier;
        var until = Earliest(subscription.CancelAt, grace ?? UnpaidUntil(subscription, paid.Period));
        return new Bought(subscription, tier, until, paid.Period, RefillAt(subscription, invoices, paid.Period), grace, []);
    }

    /// <summary>Dunning had ended the subscription, and then its invoice was paid: the period that was paid for is the member's.</summary>
    private static Bought? PaidLate(CustomerState customer, SubscriptionState subscription)
    {
        if (subscription is not { Status: SubscriptionStatus.Canceled, EndedAt: { } endedAt })
            return null;
        var invoices = InvoicesOf(customer, subscription);
        var paid = PaidPeriod.Last(invoices, subscription.Period);
        return paid is not null && paid.Tier > Tier.Free
            && invoices.Any(i => i.PaidAt > endedAt && i.PeriodLine?.Period.End == paid.Period.End)
            ? new Bought(null, paid.Tier, paid.Period.End, paid.Period, null, null, [])
            : null;
    }

    /// <summary>The first failure of what is still owed, and seven days.</summary>
    private static DateTimeOffset GraceUntil(SubscriptionState subscription, List<InvoiceState> invoices)
    {
        var owed = invoices.Where(
            i => i is { Status: InvoiceStatus.Open, Attempted: true, FinalizedAt: not null } && !IsAwaited(subscription, i))
                .MinBy(i => i.FinalizedAt);
        return (owed?.FinalizedAt ?? subscription.Period.Start) + Grace;
    }

    /// <summary>A period that nobody paid for (its invoice was voided, written off or left a draft) keeps the tier as long as one whose
    /// payment failed.</summary>
    private static DateTimeOffset? UnpaidUntil(SubscriptionState subscription, BucketPeriod paid) =>
        subscription.Period.End > paid.End ? subscription.Period.Start + DraftTime + Grace : null;

    private static bool IsAwaited(SubscriptionState subscription, InvoiceState invoice) =>
        subscription.Pending is { Reason: PendingReason.Payment } && invoice.BillingReason == BillingReason.SubscriptionUpdate;

    private static DateTimeOffset? RefillAt(SubscriptionState subscription, List<InvoiceState> invoices, BucketPeriod paid)
    {
        if (subscription.Period.End <= paid.End)
            return null;
        var renewal = invoices.Where(i => i.PeriodLine?.Period.End > paid.End).MaxBy(i => i.PeriodLine!.Period.End);
        return renewal?.NextAttemptAt ?? (renewal is { Status: InvoiceStatus.Open } ? null : subscription.Period.Start + DraftTime);
    }

    private static List<InvoiceState> InvoicesOf(CustomerState customer, SubscriptionState subscription) =>
        [.. customer.Invoices.Where(i => i.SubscriptionId == subscription.Id)];

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => (one, other) switch
    {
        ({ } a, { } b) => a < b ? a : b,
        _ => one ?? other,
    };
}
