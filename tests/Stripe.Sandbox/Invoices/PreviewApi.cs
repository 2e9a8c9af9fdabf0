using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Invoices;

/// <summary><c>create_preview</c>: what a change would cost, without changing anything.</summary>
internal static class PreviewApi
{
    public static void Map(ApiRoutes routes) => routes.Post(
        "/v1/invoices/create_preview",
        """
        customer subscription currency subscription_details.proration_behavior subscription_details.proration_date
        subscription_details.cancel_at_period_end subscription_details.items[].id subscription_details.items[].price
        subscription_details.items[].quantity subscription_details.items[].deleted preview_mode
        !subscription_details.billing_cycle_anchor !subscription_details.billing_mode !subscription_details.billing_schedules
        !subscription_details.cancel_at !subscription_details.cancel_now !subscription_details.default_tax_rates !subscription_details.metadata
        !subscription_details.resume_at !subscription_details.start_date !subscription_details.trial_end
        !automatic_tax !customer_account !customer_details !discounts !invoice_items !issuer !on_behalf_of !schedule !schedule_details
        """,
        Create);

    private static JsonObject Create(Call call)
    {
        var (world, form) = (call.World, call.Form);
        form.OneOf("preview_mode", "next", "recurring");
        if (form.Text("subscription") is not { } id)
        {
            throw form.Has("customer") ? StripeException.NotEmulated("subscription_details[items] without subscription") : StripeException.Missing("subscription");
        }

        var subscription = world.State.Subscriptions.GetReferred(id, "subscription", "subscription");
        if (subscription.IsOver)
        {
            throw StripeException.Refused("Cannot create a preview invoice for a canceled subscription.", "invoice_upcoming_none", "subscription");
        }

        var now = world.Now(subscription.TestClock);
        var details = form.Child("subscription_details");
        var items = details.Has("items") ? ItemForms.Read(world, subscription.Items, details.Items("items"), now) : subscription.Items;
        var behavior = details.OneOf("proration_behavior", "always_invoice", "create_prorations", "none") ?? "create_prorations";
        var at = details.Integer("proration_date") ?? now;
        var prorations = behavior == "none" ? [] : InvoiceLines.ForChange(world, subscription, items, at).ToArray();
        var customer = world.State.Customers[subscription.Customer];
        var invoice = Compose(world, subscription, customer, behavior == "always_invoice" ? null : items, prorations);
        return InvoiceJson.Of(world, invoice);
    }

    /// <summary>With items: the next renewal, prorations included. Without: an invoice for the prorations alone.</summary>
    private static Invoice Compose(World world, Subscription subscription, Customer customer, List<SubscriptionItem>? renewed, InvoiceLine[] prorations)
    {
        var now = world.Now(subscription.TestClock);
        var price = world.State.Prices[subscription.Items[0].Price];
        var end = BillingCalendar.Next(subscription.Anchor, price.Interval!, price.IntervalCount, subscription.PeriodEnd);
        var renewal = renewed is null ? [] : InvoiceLines.ForPeriod(world, renewed, subscription.PeriodEnd, end);
        var invoice = new Invoice
        {
            Id = Resource.NewId("upcoming_in_"),
            Created = renewed is null ? now : subscription.PeriodEnd,
            Customer = customer.Id,
            TestClock = subscription.TestClock,
            Subscription = subscription.Id,
            SubscriptionMetadata = subscription.Metadata,
            BillingReason = renewed is null ? "subscription_update" : "upcoming",
            Currency = price.Currency,
            Lines = [.. subscription.PendingLines, .. prorations, .. renewal],
            PeriodStart = subscription.PeriodStart,
            PeriodEnd = renewed is null ? now : subscription.PeriodEnd,
            StartingBalance = customer.Balance,
        };
        invoice.AmountDue = Math.Max(0, invoice.Total + customer.Balance);
        invoice.EndingBalance = invoice.Total + customer.Balance - invoice.AmountDue;
        return invoice;
    }
}
