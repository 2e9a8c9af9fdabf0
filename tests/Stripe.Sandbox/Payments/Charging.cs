using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Payments;

/// <summary>Charges cards: one payment intent per invoice, one charge per attempt.</summary>
internal static class Charging
{
    public static StripeException Declined(PaymentIntent? intent = null) =>
        new(402, "card_error", "Your card was declined.", "card_declined")
        {
            DeclineCode = "generic_decline",
            PaymentIntent = intent is null ? null : PaymentApi.Json(intent),
        };

    /// <summary>The payment intent that an open invoice with something to pay has.</summary>
    public static void OpenIntent(World world, Invoice invoice)
    {
        if (invoice.AmountDue == 0 || invoice.PaymentIntent is not null)
        {
            return;
        }

        var intent = world.Add(world.State.PaymentIntents, "pi_", invoice.TestClock, new PaymentIntent
        {
            Amount = invoice.AmountDue,
            Currency = invoice.Currency,
            Customer = invoice.Customer,
            TestClock = invoice.TestClock,
        });
        invoice.PaymentIntent = intent.Id;
        world.Add(world.State.InvoicePayments, "inpay_", invoice.TestClock, new InvoicePayment
        {
            Invoice = invoice.Id,
            PaymentIntent = intent.Id,
            Currency = invoice.Currency,
            Requested = invoice.AmountDue,
        });
        world.Emit("payment_intent.created", PaymentApi.Json(intent), intent.TestClock);
    }

    /// <summary>Charges the invoice's amount. A missing card counts as a refusal.</summary>
    public static bool Charge(World world, Invoice invoice, PaymentMethod? method)
    {
        var intent = world.State.PaymentIntents[invoice.PaymentIntent!];
        intent.PaymentMethod = method?.Id;
        if (method is null)
        {
            intent.LastDecline = "missing_payment_method";
            world.Emit("payment_intent.payment_failed", PaymentApi.Json(intent), intent.TestClock);
            return false;
        }

        var works = method.Outcome == CardOutcome.Succeeds;
        var charge = world.Add(world.State.Charges, "ch_", invoice.TestClock, new Charge
        {
            Amount = intent.Amount,
            Currency = intent.Currency,
            Customer = intent.Customer,
            PaymentIntent = intent.Id,
            PaymentMethod = method.Id,
            Paid = works,
            TestClock = invoice.TestClock,
        });
        intent.LatestCharge = charge.Id;
        intent.Status = works ? "succeeded" : "requires_payment_method";
        intent.LastDecline = works ? null : "generic_decline";
        world.Emit(works ? "charge.succeeded" : "charge.failed", PaymentApi.Json(world, charge), charge.TestClock);
        world.Emit(works ? "payment_intent.succeeded" : "payment_intent.payment_failed", PaymentApi.Json(intent), intent.TestClock);
        if (works)
        {
            var payment = world.State.InvoicePayments.Values.Single(p => p.PaymentIntent == intent.Id);
            (payment.Status, payment.Paid, payment.PaidAt) = ("paid", intent.Amount, world.Now(invoice.TestClock));
            world.Emit("invoice_payment.paid", InvoicePaymentApi.Json(payment), invoice.TestClock);
        }

        return works;
    }

    public static void CancelIntent(World world, Invoice invoice)
    {
        if (invoice.PaymentIntent is not { } id || world.State.PaymentIntents[id] is not { Status: not "succeeded" } intent)
        {
            return;
        }

        intent.Status = "canceled";
        var payment = world.State.InvoicePayments.Values.Single(p => p.PaymentIntent == id);
        (payment.Status, payment.CanceledAt) = ("canceled", world.Now(invoice.TestClock));
        world.Emit("payment_intent.canceled", PaymentApi.Json(intent), intent.TestClock);
    }
}
