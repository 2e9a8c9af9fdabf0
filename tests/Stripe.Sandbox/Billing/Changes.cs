using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>What a change of items asks for.</summary>
internal sealed record ItemChange(List<SubscriptionItem> Items, string Proration, string Payment, long At);

/// <summary>Applies a change of price or quantity to a running subscription, with its prorations and its payment.</summary>
internal static class Changes
{
    public static void Apply(World world, Subscription subscription, ItemChange change)
    {
        RefuseOtherInterval(world, subscription, change.Items);
        var atPeriodEnd = change.At >= subscription.PeriodEnd;
        var lines = change.Proration == "none" || atPeriodEnd ? [] : InvoiceLines.ForChange(world, subscription, change.Items, change.At).ToArray();
        if (change.Proration != "always_invoice" || lines.Length == 0)
        {
            subscription.Items = change.Items;
            subscription.PendingLines.AddRange(lines);
            Tell(world, subscription);
            return;
        }

        if (change.Payment == "error_if_incomplete")
        {
            RefuseIfCardWould(world, subscription);
        }

        // A second attempt to upgrade replaces the first one.
        if (subscription.PendingUpdate is not null)
        {
            Lifecycle.ExpirePendingUpdate(world, subscription);
        }

        InvoiceNow(world, subscription, change, lines);
    }

    private static void InvoiceNow(World world, Subscription subscription, ItemChange change, InvoiceLine[] lines)
    {
        var now = world.Now(subscription.TestClock);

        // A pending update's invoice may be voided: prorations of earlier changes don't go with it.
        var isHeldBack = change.Payment == "pending_if_incomplete";
        InvoiceLine[] waiting = isHeldBack ? [] : [.. subscription.PendingLines];
        var invoice = Invoicing.Draft(world, subscription, "subscription_update", [.. waiting, .. lines], new LinePeriod(now, now));
        subscription.PendingLines.RemoveRange(0, waiting.Length);
        Invoicing.Finalize(world, invoice);
        if (!isHeldBack)
        {
            subscription.Items = change.Items;
            Invoicing.Attempt(world, invoice);
            Tell(world, subscription);
            return;
        }

        // Held back until its invoice is paid; a card that works pays it at once.
        subscription.PendingUpdate = new PendingUpdate(Math.Min(now + Lifecycle.PaymentWindow, subscription.PeriodEnd), change.Items, invoice.Id);
        Invoicing.Attempt(world, invoice);
        Tell(world, subscription);
    }

    private static void RefuseIfCardWould(World world, Subscription subscription)
    {
        var id = subscription.DefaultPaymentMethod ?? world.State.Customers[subscription.Customer].DefaultPaymentMethod;
        if (id is null || world.State.PaymentMethods[id].Outcome != CardOutcome.Succeeds)
        {
            throw Charging.Declined();
        }
    }

    private static void RefuseOtherInterval(World world, Subscription subscription, List<SubscriptionItem> items)
    {
        var current = world.State.Prices[subscription.Items[0].Price];
        if (items.Select(item => world.State.Prices[item.Price])
            .Any(p => p.Interval != current.Interval || p.IntervalCount != current.IntervalCount))
        {
            throw StripeException.Refused("This sandbox emulates changes between prices of the same interval only.", "sandbox_not_emulated", "items");
        }
    }

    private static void Tell(World world, Subscription subscription) =>
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
}
