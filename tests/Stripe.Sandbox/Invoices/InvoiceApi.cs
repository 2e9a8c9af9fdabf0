using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;

namespace Son1kVers3.Stripe.Sandbox.Invoices;

/// <summary>Invoices: read, list, pay, void, write off.</summary>
internal static class InvoiceApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/invoices/{id}", call => InvoiceJson.Of(call.World, call.World.State.Invoices.Get(call.Id, "invoice")));
        routes.List(
            "/v1/invoices",
            "customer subscription status collection_method created created.* !customer_account !due_date",
            List);
        routes.List("/v1/invoices/{id}/lines", "", Lines);
        routes.Post("/v1/invoices/{id}/pay", "payment_method off_session paid_out_of_band !forgive !mandate !source", Pay);
        routes.Post("/v1/invoices/{id}/finalize", "auto_advance", Finalize);
        routes.Post("/v1/invoices/{id}/void", "", Void);
        routes.Post("/v1/invoices/{id}/mark_uncollectible", "", WriteOff);
        PreviewApi.Map(routes);
    }

    private static JsonObject List(Call call)
    {
        var form = call.Form;
        var (customer, subscription, created) = (form.Text("customer"), form.Text("subscription"), ListPage.Created(form));
        var status = form.OneOf("status", "draft", "open", "paid", "uncollectible", "void");
        form.OneOf("collection_method", "charge_automatically", "send_invoice");
        return ListPage.Of(
            call,
            call.World.State.Invoices.Values.Where(i =>
                (customer is null || i.Customer == customer) && (subscription is null || i.Subscription == subscription)
                && (status is null || i.Status == status) && created(i)),
            invoice => InvoiceJson.Of(call.World, invoice));
    }

    private static JsonObject Lines(Call call)
    {
        var invoice = call.World.State.Invoices.Get(call.Id, "invoice");
        return ListPage.OfParts(call, invoice.Lines, line => line.Id, line => InvoiceJson.Line(invoice, line));
    }

    private static JsonObject Pay(Call call)
    {
        var world = call.World;
        var invoice = world.State.Invoices.Get(call.Id, "invoice");
        if (invoice.Status == "draft")
        {
            Invoicing.Finalize(world, invoice);
        }

        if (invoice.Status != "open")
        {
            throw StripeException.Refused(
                invoice.Status == "paid" ? "Invoice is already paid" : $"Invoices with status {invoice.Status} can't be paid.",
                invoice.Status == "paid" ? "invoice_already_paid" : "invoice_not_editable");
        }

        if (call.Form.Flag("paid_out_of_band") == true)
        {
            Invoicing.MarkPaid(world, invoice);
        }
        else if (!Invoicing.Attempt(world, invoice, Method(call, invoice)))
        {
            throw Charging.Declined(world.State.PaymentIntents[invoice.PaymentIntent!]);
        }

        return InvoiceJson.Of(world, invoice);
    }

    private static PaymentMethod? Method(Call call, Invoice invoice)
    {
        if (call.Form.Text("payment_method") is not { Length: > 0 } id)
        {
            return null;
        }

        var customer = call.World.State.Customers[invoice.Customer];
        var method = PaymentMethods.Named(call.World, id, invoice.TestClock);
        PaymentMethods.Attach(call.World, customer, method, makeDefault: false);
        return method;
    }

    private static JsonObject Finalize(Call call)
    {
        var invoice = call.World.State.Invoices.Get(call.Id, "invoice");
        if (invoice.Status != "draft")
        {
            throw StripeException.Refused("This invoice is already finalized, you can't re-finalize a non-draft invoice.", "invoice_not_editable");
        }

        invoice.AutoAdvance = call.Form.Flag("auto_advance") ?? invoice.AutoAdvance;
        Invoicing.Finalize(call.World, invoice);
        return InvoiceJson.Of(call.World, invoice);
    }

    private static JsonObject Void(Call call) => Close(call, Invoicing.Void, "open", "uncollectible");

    private static JsonObject WriteOff(Call call) => Close(call, Invoicing.WriteOff, "open");

    private static JsonObject Close(Call call, Action<World, Invoice> close, params ReadOnlySpan<string> from)
    {
        var invoice = call.World.State.Invoices.Get(call.Id, "invoice");
        if (!from.Contains(invoice.Status))
        {
            throw StripeException.Refused(
                $"You can only pass in open invoices. This invoice isn't open: its status is {invoice.Status}.", "invoice_not_editable");
        }

        close(call.World, invoice);
        return InvoiceJson.Of(call.World, invoice);
    }
}
