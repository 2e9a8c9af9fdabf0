using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Invoices;

/// <summary>Which payment intent paid which invoice; since 2025 the only way from one to the other.</summary>
internal static class InvoicePaymentApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/invoice_payments/{id}", call => Json(call.World.State.InvoicePayments.Get(call.Id, "invoice_payment")));
        routes.List("/v1/invoice_payments", "invoice status payment.type payment.payment_intent created created.*", call =>
        {
            var form = call.Form;
            var (invoice, status) = (form.Text("invoice"), form.OneOf("status", "open", "paid", "canceled"));
            var (intent, created) = (form.Child("payment").Text("payment_intent"), ListPage.Created(form));
            return ListPage.Of(
                call,
                call.World.State.InvoicePayments.Values.Where(p =>
                    (invoice is null || p.Invoice == invoice) && (status is null || p.Status == status)
                    && (intent is null || p.PaymentIntent == intent) && created(p)),
                Json);
        });
    }

    public static JsonObject Json(InvoicePayment payment) => new()
    {
        ["id"] = payment.Id,
        ["object"] = "invoice_payment",
        ["amount_paid"] = payment.Paid,
        ["amount_requested"] = payment.Requested,
        ["created"] = payment.Created,
        ["currency"] = payment.Currency,
        ["invoice"] = payment.Invoice,
        ["is_default"] = true,
        ["livemode"] = false,
        ["payment"] = new JsonObject { ["payment_intent"] = payment.PaymentIntent, ["type"] = "payment_intent" },
        ["status"] = payment.Status,
        ["status_transitions"] = new JsonObject { ["canceled_at"] = payment.CanceledAt, ["paid_at"] = payment.PaidAt },
    };
}
