using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Catalogue;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Checkout;

internal static class SessionJson
{
    public static JsonObject Of(World world, CheckoutSession session)
    {
        var total = Total(world, session);
        return new JsonObject
        {
            ["id"] = session.Id,
            ["object"] = "checkout.session",
            ["adaptive_pricing"] = null,
            ["after_expiration"] = null,
            ["allow_promotion_codes"] = null,
            ["amount_subtotal"] = total,
            ["amount_total"] = total,
            ["automatic_tax"] = JsonShapes.AutomaticTax(),
            ["billing_address_collection"] = null,
            ["cancel_url"] = session.CancelUrl,
            ["client_reference_id"] = session.ClientReferenceId,
            ["client_secret"] = null,
            ["collected_information"] = null,
            ["consent"] = null,
            ["consent_collection"] = null,
            ["created"] = session.Created,
            ["currency"] = world.State.Prices[session.Items[0].Price].Currency,
            ["currency_conversion"] = null,
            ["custom_fields"] = new JsonArray(),
            ["customer"] = session.Customer,
            ["customer_creation"] = session.Customer is null ? "always" : null,
            ["customer_details"] = Details(world, session),
            ["customer_email"] = session.CustomerEmail,
            ["discounts"] = new JsonArray(),
            ["expires_at"] = session.ExpiresAt,
            ["invoice"] = session.Invoice,
            ["invoice_creation"] = null,
            ["livemode"] = false,
            ["locale"] = session.Locale,
            ["metadata"] = JsonShapes.Map(session.Metadata),
            ["mode"] = "subscription",
            ["payment_intent"] = null,
            ["payment_link"] = null,
            ["payment_method_collection"] = "always",
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_status"] = session.Status == "complete" ? "paid" : "unpaid",
            ["recovered_from"] = null,
            ["saved_payment_method_options"] = null,
            ["setup_intent"] = null,
            ["shipping_address_collection"] = null,
            ["shipping_cost"] = null,
            ["shipping_options"] = new JsonArray(),
            ["status"] = session.Status,
            ["submit_type"] = null,
            ["subscription"] = session.Subscription,
            ["success_url"] = session.SuccessUrl,
            ["total_details"] = new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 },
            ["ui_mode"] = "hosted_page",
            ["url"] = session.Status == "open" ? session.Url : null,
        };
    }

    public static long Total(World world, CheckoutSession session) =>
        session.Items.Sum(item => world.State.Prices[item.Price].UnitAmount * item.Quantity);

    public static JsonObject Item(World world, PricedItem item)
    {
        var price = world.State.Prices[item.Price];
        return new JsonObject
        {
            ["id"] = item.Id,
            ["object"] = "item",
            ["amount_discount"] = 0,
            ["amount_subtotal"] = price.UnitAmount * item.Quantity,
            ["amount_tax"] = 0,
            ["amount_total"] = price.UnitAmount * item.Quantity,
            ["currency"] = price.Currency,
            ["description"] = world.State.Products[price.Product].Name,
            ["metadata"] = new JsonObject(),
            ["price"] = PriceApi.Json(price),
            ["quantity"] = item.Quantity,
        };
    }

    public static JsonObject Items(World world, CheckoutSession session) =>
        ListPage.Json($"/v1/checkout/sessions/{session.Id}/line_items", session.Items.Select(item => Item(world, item)));

    private static JsonObject? Details(World world, CheckoutSession session)
    {
        var customer = session.Customer is null ? null : world.State.Customers[session.Customer];
        var email = customer?.Email ?? session.CustomerEmail;
        return customer is null && email is null
            ? null
            : new JsonObject
            {
                ["address"] = null,
                ["email"] = email,
                ["name"] = customer?.Name,
                ["phone"] = customer?.Phone,
                ["tax_exempt"] = "none",
                ["tax_ids"] = new JsonArray(),
            };
    }
}
