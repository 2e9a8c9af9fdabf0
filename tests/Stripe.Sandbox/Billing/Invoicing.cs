using System.Globalization;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;

namespace Son1kVers3.Stripe.Sandbox.Billing;

/// <summary>The life of an invoice: draft → open → paid, void or uncollectible.</summary>
internal static class Invoicing
{
    public static Invoice Draft(World world, Subscription subscription, string reason, IEnumerable<InvoiceLine> lines, LinePeriod period)
    {
        var invoice = world.Add(world.State.Invoices, "in_", subscription.TestClock, new Invoice
        {
            Customer = subscription.Customer,
            TestClock = subscription.TestClock,
            Subscription = subscription.Id,
            SubscriptionMetadata = new(subscription.Metadata),
            BillingReason = reason,
            Currency = world.State.Prices[subscription.Items[0].Price].Currency,
            Lines = [.. lines],
            PeriodStart = period.Start,
            PeriodEnd = period.End,
            StartingBalance = world.State.Customers[subscription.Customer].Balance,
        });
        invoice.AmountDue = Math.Max(0, invoice.Total + invoice.StartingBalance);
        subscription.LatestInvoice = invoice.Id;
        world.Emit("invoice.created", InvoiceJson.Of(world, invoice), invoice.TestClock);
        return invoice;
    }

    /// <summary>Gives the invoice its number, settles the customer's balance with it, and opens it for payment.</summary>
    public static void Finalize(World world, Invoice invoice)
    {
        var customer = world.State.Customers[invoice.Customer];
        var now = world.Now(invoice.TestClock);
        invoice.StartingBalance = customer.Balance;
        invoice.AmountDue = Math.Max(0, invoice.Total + customer.Balance);

        // What the total doesn't use of the credit stays with the customer; a negative total adds to it.
        customer.Balance = invoice.Total + customer.Balance - invoice.AmountDue;
        invoice.EndingBalance = customer.Balance;
        invoice.Number = string.Create(
            CultureInfo.InvariantCulture, $"{customer.Id[^8..].ToUpperInvariant()}-{customer.NextInvoice++:0000}");
        invoice.FinalizesAt = null;
        invoice.FinalizedAt = now;
        invoice.Status = "open";
        customer.Currency = invoice.Currency;
        Charging.OpenIntent(world, invoice);
        world.Emit("invoice.finalized", InvoiceJson.Of(world, invoice), invoice.TestClock);
        world.Emit("customer.updated", CustomerApi.Json(customer), customer.TestClock);
    }

    /// <summary>Charges an open invoice once. False when the card refused; the dunning schedule then goes on.</summary>
    public static bool Attempt(World world, Invoice invoice, PaymentMethod? method = null)
    {
        var subscription = invoice.Subscription is null ? null : world.State.Subscriptions[invoice.Subscription];
        var id = subscription?.DefaultPaymentMethod ?? world.State.Customers[invoice.Customer].DefaultPaymentMethod;
        method ??= id is null ? null : world.State.PaymentMethods[id];
        if (invoice.AmountDue > 0)
        {
            invoice.AttemptCount++;
            if (!Charging.Charge(world, invoice, method))
            {
                Dunning.Failed(world, invoice, subscription);
                return false;
            }
        }

        MarkPaid(world, invoice);
        return true;
    }

    public static void MarkPaid(World world, Invoice invoice)
    {
        var now = world.Now(invoice.TestClock);
        invoice.Status = "paid";
        invoice.PaidAt = now;
        invoice.AmountPaid = invoice.AmountDue;
        invoice.NextAttempt = null;
        world.State.Customers[invoice.Customer].Delinquent = false;
        if (invoice.Subscription is not null)
        {
            Lifecycle.Paid(world, world.State.Subscriptions[invoice.Subscription], invoice);
        }

        var json = InvoiceJson.Of(world, invoice);
        world.Emit("invoice.updated", json, invoice.TestClock);
        world.Emit("invoice.paid", InvoiceJson.Of(world, invoice), invoice.TestClock);
        world.Emit("invoice.payment_succeeded", InvoiceJson.Of(world, invoice), invoice.TestClock);
        world.Touch();
    }

    /// <summary>Nobody expects the money any more; the subscription that waited for it is in good standing again.</summary>
    /// <remarks>Source: docs.stripe.com/billing/subscriptions/overview, "active".</remarks>
    public static void WriteOff(World world, Invoice invoice)
    {
        invoice.Status = "uncollectible";
        invoice.NextAttempt = null;
        world.Emit("invoice.updated", InvoiceJson.Of(world, invoice), invoice.TestClock);
        world.Emit("invoice.marked_uncollectible", InvoiceJson.Of(world, invoice), invoice.TestClock);
        if (invoice.Subscription is { } id && world.State.Subscriptions[id] is { Status: SubscriptionStatus.PastDue } subscription)
        {
            Lifecycle.Paid(world, subscription, invoice);
        }
    }

    public static void Void(World world, Invoice invoice)
    {
        var customer = world.State.Customers[invoice.Customer];
        invoice.Status = "void";
        invoice.VoidedAt = world.Now(invoice.TestClock);
        invoice.NextAttempt = null;
        invoice.FinalizesAt = null;

        // The credit that it had used goes back to the customer.
        customer.Balance -= invoice.Total - invoice.AmountDue;
        Charging.CancelIntent(world, invoice);
        world.Emit("customer.updated", CustomerApi.Json(customer), customer.TestClock);
        world.Emit("invoice.voided", InvoiceJson.Of(world, invoice), invoice.TestClock);
        if (invoice.Subscription is { } id && world.State.Subscriptions[id] is { PendingUpdate: { } pending } subscription && pending.Invoice == invoice.Id)
        {
            Lifecycle.ExpirePendingUpdate(world, subscription);
        }
    }
}
