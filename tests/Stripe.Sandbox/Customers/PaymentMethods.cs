using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Customers;

/// <summary>Cards: the well-known test numbers and test names, and what belongs to whom.</summary>
internal static class PaymentMethods
{
    private static readonly Dictionary<string, CardOutcome> Numbers = new()
    {
        ["4242424242424242"] = CardOutcome.Succeeds,
        ["5555555555554444"] = CardOutcome.Succeeds,
        ["4000000000000002"] = CardOutcome.Declines,
        ["4000000000009995"] = CardOutcome.Declines,
        ["4000000000000341"] = CardOutcome.DeclinesLater,
    };

    private static readonly Dictionary<string, string> Names = new()
    {
        ["pm_card_visa"] = "4242424242424242",
        ["pm_card_mastercard"] = "5555555555554444",
        ["pm_card_visa_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeCustomerFail"] = "4000000000000341",
    };

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/v1/payment_methods/{id}", call => Json(call.World.State.PaymentMethods.Get(call.Id, "PaymentMethod")));
        routes.List("/v1/payment_methods", "customer type !allow_redisplay !customer_account", List);
        routes.List("/v1/customers/{id}/payment_methods", "type !allow_redisplay", List);
        routes.Post("/v1/payment_methods/{id}/attach", "customer !customer_account", AttachCall);
    }

    public static bool IsTestName(string id) => Names.ContainsKey(id);

    /// <summary>A stored card, or a new one for one of Stripe's test names.</summary>
    public static PaymentMethod Named(World world, string id, string? clock) =>
        Names.TryGetValue(id, out var number)
            ? Create(world, number, clock)!
            : world.State.PaymentMethods.GetReferred(id, "PaymentMethod", "payment_method");

    /// <summary>A card for a number; null when the number is none that the sandbox knows.</summary>
    public static PaymentMethod? Create(World world, string number, string? clock)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        if (!Numbers.TryGetValue(digits, out var outcome))
        {
            return null;
        }

        var method = new PaymentMethod { Last4 = digits[^4..], Brand = digits[0] == '5' ? "mastercard" : "visa", Outcome = outcome };
        return world.Add(world.State.PaymentMethods, "pm_", clock, method);
    }

    public static void Attach(World world, Customer customer, PaymentMethod method, bool makeDefault)
    {
        if (method.Customer != customer.Id)
        {
            method.Customer = customer.Id;
            world.Emit("payment_method.attached", Json(method), customer.TestClock);
        }

        if (makeDefault && customer.DefaultPaymentMethod != method.Id)
        {
            customer.DefaultPaymentMethod = method.Id;
            world.Emit("customer.updated", CustomerApi.Json(customer), customer.TestClock);
        }
    }

    public static JsonObject Json(PaymentMethod method) => new()
    {
        ["id"] = method.Id,
        ["object"] = "payment_method",
        ["allow_redisplay"] = "unspecified",
        ["billing_details"] = new JsonObject { ["address"] = null, ["email"] = null, ["name"] = null, ["phone"] = null, ["tax_id"] = null },
        ["card"] = new JsonObject
        {
            ["brand"] = method.Brand,
            ["country"] = "US",
            ["display_brand"] = method.Brand,
            ["exp_month"] = method.ExpMonth,
            ["exp_year"] = method.ExpYear,
            ["funding"] = "credit",
            ["last4"] = method.Last4,
        },
        ["created"] = method.Created,
        ["customer"] = method.Customer,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(method.Metadata),
        ["type"] = "card",
    };

    private static JsonObject List(Call call)
    {
        var customer = call.Route.GetValueOrDefault("id") ?? call.Form.Text("customer");
        call.Form.OneOf("type", "card");
        return ListPage.Of(call, call.World.State.PaymentMethods.Values.Where(m => customer is not null && m.Customer == customer), Json);
    }

    private static JsonObject AttachCall(Call call)
    {
        var customer = CustomerApi.Referred(call.World, call.Form.Required("customer"), "customer");
        var method = Named(call.World, call.Id, customer.TestClock);
        if (method.Outcome == CardOutcome.Declines)
        {
            throw new StripeException(402, "card_error", "Your card was declined.", "card_declined") { DeclineCode = "generic_decline" };
        }

        Attach(call.World, customer, method, makeDefault: false);
        return Json(method);
    }
}
