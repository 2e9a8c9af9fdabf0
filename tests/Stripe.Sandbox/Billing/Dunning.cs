using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>
/// What follows a refused charge. Renewals are tried again on a fixed schedule counted from the first failure; after the last one
/// the subscription is canceled, left unpaid or left past due. A first invoice and one that pays for a pending update are not retried:
/// they expire.
/// </summary>
internal static class Dunning
{
    public static void Failed(World world, Invoice invoice, Subscription? subscription)
    {
        var now = world.Now(invoice.TestClock);
        invoice.FirstFailure ??= now;
        var retried = subscription is not null
            && invoice.BillingReason != "subscription_create"
            && subscription.PendingUpdate?.Invoice != invoice.Id
            && !subscription.IsOver;
        invoice.NextAttempt = retried && invoice.AutoAdvance ? NextAttempt(world.Options, invoice.FirstFailure.Value, now) : null;
        var customer = world.State.Customers[invoice.Customer];
        if (retried)
        {
            customer.Delinquent = true;
            world.Emit("customer.updated", CustomerApi.Json(customer), customer.TestClock);
        }

        world.Emit("invoice.updated", InvoiceJson.Of(world, invoice), invoice.TestClock);
        world.Emit("invoice.payment_failed", InvoiceJson.Of(world, invoice), invoice.TestClock);
        if (!retried)
        {
            return;
        }

        if (subscription!.Status == SubscriptionStatus.Active)
        {
            subscription.Status = SubscriptionStatus.PastDue;
            world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        }

        if (invoice.NextAttempt is null && subscription.Status == SubscriptionStatus.PastDue)
        {
            GiveUp(world, subscription);
        }
    }

    /// <summary>The next retry after <paramref name="now"/>, or null after the last one.</summary>
    public static long? NextAttempt(SandboxOptions options, long firstFailure, long now) =>
        options.RetryOffsets().Select(offset => (long?)(firstFailure + offset)).FirstOrDefault(at => at > now);

    private static void GiveUp(World world, Subscription subscription)
    {
        switch (world.Options.AfterRetries)
        {
            case "unpaid":
                subscription.Status = SubscriptionStatus.Unpaid;
                world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
                break;
            case "past_due":
                break;
            default:
                Lifecycle.Cancel(world, subscription, "payment_failed");
                break;
        }
    }
}
