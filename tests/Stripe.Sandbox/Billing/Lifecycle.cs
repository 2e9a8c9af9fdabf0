using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Schedules;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>The states of a subscription, from its first invoice to its end.</summary>
internal static class Lifecycle
{
    /// <summary>How long a first invoice, or one that pays for a pending update, waits for its payment: 23 hours.</summary>
    public const long PaymentWindow = 23 * 3600;

    /// <summary>Starts a subscription: the first period, its invoice, and one attempt to charge it.</summary>
    public static Invoice Start(World world, Subscription subscription, PaymentMethod? method, bool attempt)
    {
        var now = world.Now(subscription.TestClock);
        var price = world.State.Prices[subscription.Items[0].Price];
        subscription.Anchor = now;
        subscription.PeriodStart = now;
        subscription.PeriodEnd = BillingCalendar.Boundary(now, price.Interval!, price.IntervalCount, 1);
        world.Add(world.State.Subscriptions, "sub_", subscription.TestClock, subscription);
        var lines = InvoiceLines.ForPeriod(world, subscription.Items, subscription.PeriodStart, subscription.PeriodEnd);
        var invoice = Invoicing.Draft(world, subscription, "subscription_create", lines, new LinePeriod(now, now));
        world.Emit("customer.subscription.created", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        Invoicing.Finalize(world, invoice);
        if (attempt || invoice.AmountDue == 0)
        {
            Invoicing.Attempt(world, invoice, method);
        }

        return invoice;
    }

    /// <summary>An invoice was paid: the subscription takes the state that follows from it.</summary>
    public static void Paid(World world, Subscription subscription, Invoice invoice)
    {
        if (subscription.PendingUpdate is { } pending && pending.Invoice == invoice.Id)
        {
            subscription.Items = pending.Items;
            subscription.PendingUpdate = null;
            if (invoice.AttemptCount > 1)
            {
                // Paid at the first attempt, the change was never pending.
                world.Emit("customer.subscription.pending_update_applied", SubscriptionJson.Of(world, subscription), subscription.TestClock);
            }
        }
        else if (subscription.Status == SubscriptionStatus.Incomplete || Recovers(world, subscription, invoice))
        {
            subscription.Status = SubscriptionStatus.Active;
        }

        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    /// <summary>The next period begins: its invoice is drafted, and charged when the draft's time is over.</summary>
    public static void Renew(World world, Subscription subscription)
    {
        var price = world.State.Prices[subscription.Items[0].Price];
        var ended = new LinePeriod(subscription.PeriodStart, subscription.PeriodEnd);
        subscription.PeriodStart = ended.End;
        subscription.PeriodEnd = BillingCalendar.Next(subscription.Anchor, price.Interval!, price.IntervalCount, ended.End);
        var lines = subscription.PendingLines
            .Concat(InvoiceLines.ForPeriod(world, subscription.Items, subscription.PeriodStart, subscription.PeriodEnd)).ToArray();
        subscription.PendingLines.Clear();
        if (subscription.CancelAtPeriodEnd)
        {
            subscription.CancelAt = subscription.PeriodEnd;
        }

        // An invoice of a renewal looks back: its own period is the one that ended, its lines carry the one that begins.
        var invoice = Invoicing.Draft(world, subscription, "subscription_cycle", lines, ended);
        invoice.AutoAdvance = subscription.Status != SubscriptionStatus.Unpaid;
        invoice.FinalizesAt = invoice.AutoAdvance ? world.Now(subscription.TestClock) + world.Options.DraftInvoiceSeconds : null;
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    /// <summary>Ends a subscription now. Its open invoices stay, and are no longer charged by themselves.</summary>
    public static void Cancel(World world, Subscription subscription, string reason)
    {
        var now = world.Now(subscription.TestClock);
        subscription.Status = SubscriptionStatus.Canceled;
        subscription.EndedAt = now;
        subscription.CanceledAt ??= now;
        subscription.CancellationReason = reason;
        subscription.PendingUpdate = null;
        StopCollecting(world, subscription);
        if (subscription.Schedule is { } schedule)
        {
            ScheduleEngine.SubscriptionEnded(world, world.State.Schedules[schedule]);
            subscription.Schedule = null;
        }

        world.Emit("customer.subscription.deleted", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    /// <summary>The first invoice was not paid in its 23 hours.</summary>
    public static void ExpireIncomplete(World world, Subscription subscription)
    {
        subscription.Status = SubscriptionStatus.IncompleteExpired;
        subscription.EndedAt = world.Now(subscription.TestClock);
        if (subscription.LatestInvoice is { } id && world.State.Invoices[id] is { Status: "open" } invoice)
        {
            Invoicing.Void(world, invoice);
        }

        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    /// <summary>The invoice of a pending update was not paid in its 23 hours: nothing changes.</summary>
    public static void ExpirePendingUpdate(World world, Subscription subscription)
    {
        var pending = subscription.PendingUpdate!;
        subscription.PendingUpdate = null;
        if (world.State.Invoices[pending.Invoice] is { Status: "open" } invoice)
        {
            Invoicing.Void(world, invoice);
        }

        world.Emit("customer.subscription.pending_update_expired", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    /// <summary>Debt is over when the newest invoice that was refused, or a renewal after it, is paid.</summary>
    private static bool Recovers(World world, Subscription subscription, Invoice paid) =>
        subscription.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid
        && (paid.FirstFailure is not null || paid.BillingReason == "subscription_cycle")
        && !world.State.Invoices.Values.Any(other => other.Subscription == subscription.Id
            && other.Status == "open" && other.FirstFailure is not null && other.Ordinal > paid.Ordinal
            && other.Id != subscription.PendingUpdate?.Invoice);

    private static void StopCollecting(World world, Subscription subscription)
    {
        foreach (var invoice in world.State.Invoices.Values.Where(i => i.Subscription == subscription.Id && i.Status is "draft" or "open"))
        {
            invoice.AutoAdvance = false;
            invoice.NextAttempt = null;
            invoice.FinalizesAt = null;
            world.Emit("invoice.updated", InvoiceJson.Of(world, invoice), invoice.TestClock);
        }
    }
}
