using System.Globalization;
using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Invoices;

/// <summary>The invoice in its 2026 shape: the subscription under <c>parent</c>, payments in a list of their own.</summary>
internal static class InvoiceJson
{
    /// <summary>So many lines come with the invoice; the others are had from its list of lines.</summary>
    private const int EmbeddedLines = 10;

    public static JsonObject Of(World world, Invoice invoice)
    {
        var customer = world.State.Customers[invoice.Customer];
        var json = new JsonObject
        {
            ["id"] = invoice.Id,
            ["object"] = "invoice",
            ["account_country"] = "US",
            ["account_name"] = "Son1kVers3 sandbox",
            ["amount_due"] = invoice.AmountDue,
            ["amount_overpaid"] = 0,
            ["amount_paid"] = invoice.AmountPaid,
            ["amount_remaining"] = invoice.AmountDue - invoice.AmountPaid,
            ["amount_shipping"] = 0,
            ["application"] = null,
            ["attempt_count"] = invoice.AttemptCount,
            ["attempted"] = invoice.AttemptCount > 0 || invoice.Status == "paid",
            ["auto_advance"] = invoice.AutoAdvance && invoice.Status is "draft" or "open",
            ["automatic_tax"] = JsonShapes.AutomaticTax(),
            ["automatically_finalizes_at"] = invoice.FinalizesAt,
            ["billing_reason"] = invoice.BillingReason,
            ["collection_method"] = "charge_automatically",
            ["created"] = invoice.Created,
            ["currency"] = invoice.Currency,
            ["custom_fields"] = null,
            ["customer"] = invoice.Customer,
            ["customer_account"] = null,
            ["customer_address"] = null,
            ["customer_email"] = customer.Email,
            ["customer_name"] = customer.Name,
            ["customer_phone"] = customer.Phone,
            ["customer_shipping"] = null,
            ["customer_tax_exempt"] = "none",
            ["customer_tax_ids"] = new JsonArray(),
            ["default_payment_method"] = null,
            ["default_source"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = null,
            ["discounts"] = new JsonArray(),
            ["due_date"] = null,
        };
        AddState(json, invoice);
        return json;
    }

    private static void AddState(JsonObject json, Invoice invoice)
    {
        json["effective_at"] = invoice.FinalizedAt;
        json["ending_balance"] = invoice.EndingBalance;
        json["footer"] = null;
        json["from_invoice"] = null;
        json["hosted_invoice_url"] = null;
        json["invoice_pdf"] = null;
        json["issuer"] = new JsonObject { ["type"] = "self" };
        json["last_finalization_error"] = null;
        json["latest_revision"] = null;
        json["lines"] = ListPage.Json(
            $"/v1/invoices/{invoice.Id}/lines", invoice.Lines.Take(EmbeddedLines).Select(line => Line(invoice, line)), invoice.Lines.Count > EmbeddedLines);
        json["livemode"] = false;
        json["metadata"] = JsonShapes.Map(invoice.Metadata);
        json["next_payment_attempt"] = invoice.NextAttempt ?? invoice.FinalizesAt;
        json["number"] = invoice.Number;
        json["on_behalf_of"] = null;
        json["parent"] = Parent(invoice);
        json["payment_settings"] = new JsonObject { ["default_mandate"] = null, ["payment_method_options"] = null, ["payment_method_types"] = null };
        json["period_end"] = invoice.PeriodEnd;
        json["period_start"] = invoice.PeriodStart;
        json["post_payment_credit_notes_amount"] = 0;
        json["pre_payment_credit_notes_amount"] = 0;
        json["receipt_number"] = null;
        json["rendering"] = null;
        json["shipping_cost"] = null;
        json["shipping_details"] = null;
        json["starting_balance"] = invoice.StartingBalance;
        json["statement_descriptor"] = null;
        json["status"] = invoice.Status;
        json["status_transitions"] = new JsonObject
        {
            ["finalized_at"] = invoice.FinalizedAt,
            ["marked_uncollectible_at"] = invoice.UncollectibleAt,
            ["paid_at"] = invoice.PaidAt,
            ["voided_at"] = invoice.VoidedAt,
        };
        json["subtotal"] = invoice.Total;
        json["subtotal_excluding_tax"] = invoice.Total;
        json["test_clock"] = invoice.TestClock;
        json["total"] = invoice.Total;
        json["total_discount_amounts"] = new JsonArray();
        json["total_excluding_tax"] = invoice.Total;
        json["total_pretax_credit_amounts"] = new JsonArray();
        json["total_taxes"] = new JsonArray();
        json["webhooks_delivered_at"] = invoice.Created;
    }

    public static JsonObject Line(Invoice invoice, InvoiceLine line) => new()
    {
        ["id"] = line.Id,
        ["object"] = "line_item",
        ["amount"] = line.Amount,
        ["currency"] = invoice.Currency,
        ["description"] = line.Description,
        ["discount_amounts"] = new JsonArray(),
        ["discountable"] = !line.IsProration,
        ["discounts"] = new JsonArray(),
        ["invoice"] = invoice.Id,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(invoice.SubscriptionMetadata),
        ["parent"] = new JsonObject
        {
            ["invoice_item_details"] = null,
            ["subscription_item_details"] = new JsonObject
            {
                ["invoice_item"] = null,
                ["proration"] = line.IsProration,
                ["proration_details"] = new JsonObject { ["credited_items"] = null },
                ["subscription"] = invoice.Subscription,
                ["subscription_item"] = line.SubscriptionItem,
            },
            ["type"] = "subscription_item_details",
        },
        ["period"] = new JsonObject { ["end"] = line.Period.End, ["start"] = line.Period.Start },
        ["pretax_credit_amounts"] = new JsonArray(),
        ["pricing"] = new JsonObject
        {
            ["price_details"] = new JsonObject { ["price"] = line.Price },
            ["type"] = "price_details",
            ["unit_amount_decimal"] = (line.Amount / line.Quantity).ToString(CultureInfo.InvariantCulture),
        },
        ["quantity"] = line.Quantity,
        ["subscription"] = invoice.Subscription,
        ["subtotal"] = line.Amount,
        ["taxes"] = new JsonArray(),
    };

    private static JsonObject? Parent(Invoice invoice) => invoice.Subscription is null
        ? null
        : new JsonObject
        {
            ["quote_details"] = null,
            ["subscription_details"] = new JsonObject
            {
                ["metadata"] = JsonShapes.Map(invoice.SubscriptionMetadata),
                ["subscription"] = invoice.Subscription,
            },
            ["type"] = "subscription_details",
        };
}
