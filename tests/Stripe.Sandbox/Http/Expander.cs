using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Catalogue;
using Son1kVers3.Stripe.Sandbox.Checkout;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;
using Son1kVers3.Stripe.Sandbox.Schedules;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>
/// <c>expand[]</c>: puts the object in the place of its id, and the lists that Stripe leaves out unless asked for. Up to four levels deep.
/// </summary>
internal static class Expander
{
    private static readonly string[] References =
    [
        "customer", "subscription", "invoice", "latest_invoice", "schedule", "default_payment_method", "payment_method", "latest_charge",
        "charge", "payment_intent", "product", "price", "configuration",
    ];

    public static void Apply(World world, JsonObject answer, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var steps = path.Split('.');
            if (steps.Length > 4 + (steps[0] == "data" ? 1 : 0))
            {
                throw StripeException.Invalid("You cannot expand more than 4 levels of a property.", "expand");
            }

            Expand(world, answer, steps, path);
        }
    }

    private static void Expand(World world, JsonNode? node, ReadOnlySpan<string> steps, string path)
    {
        if (steps.Length == 0)
        {
            return;
        }

        if (node is JsonArray array)
        {
            foreach (var element in array)
            {
                Expand(world, element, steps, path);
            }

            return;
        }

        if (node is not JsonObject parent)
        {
            return;
        }

        var name = steps[0];
        Include(world, parent, name);
        if (!parent.TryGetPropertyValue(name, out var value) || (steps.Length == 1 && value is JsonValue && !References.Contains(name)))
        {
            throw StripeException.Invalid($"This property cannot be expanded ({path}).", "expand");
        }

        if (value is JsonValue id && References.Contains(name) && Find(world, (string)id!) is { } found)
        {
            parent[name] = value = found;
        }

        Expand(world, value, steps[1..], path);
    }

    private static void Include(World world, JsonObject parent, string name)
    {
        var id = (string?)parent["id"];
        if (id is null || parent.ContainsKey(name))
        {
            return;
        }

        if (name == "line_items" && world.State.Sessions.TryGetValue(id, out var session))
        {
            parent[name] = SessionJson.Items(world, session);
        }
        else if (name == "payments" && world.State.Invoices.ContainsKey(id))
        {
            parent[name] = ListPage.Json(
                $"/v1/invoice_payments?invoice={id}", world.State.InvoicePayments.Values.Where(p => p.Invoice == id).Select(InvoicePaymentApi.Json));
        }
        else if (name == "refunds" && world.State.Charges.ContainsKey(id))
        {
            parent[name] = ListPage.Json($"/v1/charges/{id}/refunds", world.State.Refunds.Values.Where(r => r.Charge == id).Select(RefundApi.Json));
        }
    }

    private static JsonObject? Find(World world, string id)
    {
        var state = world.State;
        return id[..(id.LastIndexOf('_') + 1)] switch
        {
            "cus_" when state.Customers.TryGetValue(id, out var found) =>
                found.Deleted ? JsonShapes.Deleted(id, "customer") : CustomerApi.Json(found),
            "sub_" when state.Subscriptions.TryGetValue(id, out var found) => SubscriptionJson.Of(world, found),
            "sub_sched_" when state.Schedules.TryGetValue(id, out var found) => ScheduleJson.Of(world, found),
            "in_" when state.Invoices.TryGetValue(id, out var found) => InvoiceJson.Of(world, found),
            "pm_" when state.PaymentMethods.TryGetValue(id, out var found) => PaymentMethods.Json(found),
            "pi_" when state.PaymentIntents.TryGetValue(id, out var found) => PaymentApi.Json(found),
            "ch_" when state.Charges.TryGetValue(id, out var found) => PaymentApi.Json(world, found),
            "price_" when state.Prices.TryGetValue(id, out var found) => PriceApi.Json(found),
            _ => state.Products.TryGetValue(id, out var product) ? ProductApi.Json(product) : null,
        };
    }
}
