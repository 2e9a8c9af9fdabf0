using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Payments;

/// <summary>Payment intents and charges, to be read.</summary>
internal static class PaymentApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/payment_intents/{id}", call => Json(call.World.State.PaymentIntents.Get(call.Id, "payment_intent")));
        routes.List("/v1/payment_intents", "customer created created.* !customer_account", call =>
        {
            var (customer, created) = (call.Form.Text("customer"), ListPage.Created(call.Form));
            return ListPage.Of(
                call, call.World.State.PaymentIntents.Values.Where(p => (customer is null || p.Customer == customer) && created(p)), Json);
        });
        routes.Get("/v1/charges/{id}", call => Json(call.World, call.World.State.Charges.Get(call.Id, "charge")));
        routes.List("/v1/charges", "customer payment_intent created created.* !transfer_group", call =>
        {
            var (customer, intent, created) = (call.Form.Text("customer"), call.Form.Text("payment_intent"), ListPage.Created(call.Form));
            return ListPage.Of(
                call,
                call.World.State.Charges.Values.Where(c =>
                    (customer is null || c.Customer == customer) && (intent is null || c.PaymentIntent == intent) && created(c)),
                charge => Json(call.World, charge));
        });
    }

    public static JsonObject Json(PaymentIntent intent) => new()
    {
        ["id"] = intent.Id,
        ["object"] = "payment_intent",
        ["amount"] = intent.Amount,
        ["amount_capturable"] = 0,
        ["amount_received"] = intent.Status == "succeeded" ? intent.Amount : 0,
        ["application"] = null,
        ["automatic_payment_methods"] = null,
        ["canceled_at"] = null,
        ["cancellation_reason"] = null,
        ["capture_method"] = "automatic",
        ["client_secret"] = $"{intent.Id}_secret_sandbox",
        ["confirmation_method"] = "automatic",
        ["created"] = intent.Created,
        ["currency"] = intent.Currency,
        ["customer"] = intent.Customer,
        ["description"] = "Subscription",
        ["last_payment_error"] = intent.LastDecline is null
            ? null
            : new JsonObject
            {
                ["code"] = "card_declined",
                ["decline_code"] = intent.LastDecline,
                ["message"] = "Your card was declined.",
                ["type"] = "card_error",
            },
        ["latest_charge"] = intent.LatestCharge,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(intent.Metadata),
        ["next_action"] = null,
        ["payment_method"] = intent.PaymentMethod,
        ["payment_method_types"] = new JsonArray("card"),
        ["setup_future_usage"] = "off_session",
        ["status"] = intent.Status,
    };

    public static JsonObject Json(World world, Charge charge) => new()
    {
        ["id"] = charge.Id,
        ["object"] = "charge",
        ["amount"] = charge.Amount,
        ["amount_captured"] = charge.Paid ? charge.Amount : 0,
        ["amount_refunded"] = charge.Refunded,
        ["balance_transaction"] = null,
        ["captured"] = charge.Paid,
        ["created"] = charge.Created,
        ["currency"] = charge.Currency,
        ["customer"] = charge.Customer,
        ["description"] = "Subscription",
        ["disputed"] = charge.Disputed,
        ["failure_code"] = charge.Paid ? null : "card_declined",
        ["failure_message"] = charge.Paid ? null : "Your card was declined.",
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(charge.Metadata),
        ["outcome"] = new JsonObject
        {
            ["network_status"] = charge.Paid ? "approved_by_network" : "declined_by_network",
            ["reason"] = charge.Paid ? null : "generic_decline",
            ["seller_message"] = charge.Paid ? "Payment complete." : "The bank did not return any further details with this decline.",
            ["type"] = charge.Paid ? "authorized" : "issuer_declined",
        },
        ["paid"] = charge.Paid,
        ["payment_intent"] = charge.PaymentIntent,
        ["payment_method"] = charge.PaymentMethod,
        ["payment_method_details"] = new JsonObject
        {
            ["card"] = charge.PaymentMethod is { } id && world.State.PaymentMethods.TryGetValue(id, out var method)
                ? PaymentMethods.Json(method)["card"]!.DeepClone()
                : null,
            ["type"] = "card",
        },
        ["receipt_url"] = null,
        ["refunded"] = charge.Paid && charge.Refunded == charge.Amount,
        ["status"] = charge.Paid ? "succeeded" : "failed",
    };
}
