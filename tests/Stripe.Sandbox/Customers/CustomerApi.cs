using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Customers;

/// <summary>Customers: create, change, read, list, delete (which ends their subscriptions).</summary>
internal static class CustomerApi
{
    private const string Common = """
        email name description phone metadata.** invoice_settings.default_payment_method preferred_locales[] !invoice_settings.custom_fields
        !invoice_settings.footer !invoice_settings.rendering_options !address
        !balance !business_name !cash_balance !individual_name !invoice_prefix !next_invoice_sequence !shipping !source !tax !tax_exempt !validate
        """;

    public static void Map(ApiRoutes routes)
    {
        routes.Post("/v1/customers", Common + " payment_method test_clock !tax_id_data", Create);
        routes.Post("/v1/customers/{id}", Common + " !default_source", Update);
        routes.Get("/v1/customers/{id}", Read);
        routes.List("/v1/customers", "email test_clock created created.*", List);
        routes.Delete("/v1/customers/{id}", "", Delete);
    }

    public static JsonObject Json(Customer customer) => new()
    {
        ["id"] = customer.Id,
        ["object"] = "customer",
        ["address"] = null,
        ["balance"] = customer.Balance,
        ["created"] = customer.Created,
        ["currency"] = customer.Currency,
        ["default_source"] = null,
        ["delinquent"] = customer.Delinquent,
        ["description"] = customer.Description,
        ["discount"] = null,
        ["email"] = customer.Email,
        ["invoice_prefix"] = customer.Id[^8..].ToUpperInvariant(),
        ["invoice_settings"] = new JsonObject
        {
            ["custom_fields"] = null,
            ["default_payment_method"] = customer.DefaultPaymentMethod,
            ["footer"] = null,
            ["rendering_options"] = null,
        },
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(customer.Metadata),
        ["name"] = customer.Name,
        ["next_invoice_sequence"] = customer.NextInvoice,
        ["phone"] = customer.Phone,
        ["preferred_locales"] = new JsonArray(),
        ["shipping"] = null,
        ["tax_exempt"] = "none",
        ["test_clock"] = customer.TestClock,
    };

    /// <summary>A customer that is still there.</summary>
    public static Customer Referred(World world, string id, string param)
    {
        var customer = world.State.Customers.GetReferred(id, "customer", param);
        return customer.Deleted ? throw StripeException.Invalid($"No such customer: '{id}'", param, "resource_missing") : customer;
    }

    private static JsonObject Create(Call call)
    {
        var world = call.World;
        var clock = call.Form.Text("test_clock");
        if (clock is not null)
        {
            world.State.TestClocks.GetReferred(clock, "test_clock", "test_clock");
        }

        var customer = new Customer { TestClock = clock };
        Fill(customer, call.Form);
        var method = call.Form.Text("payment_method") is { } name ? PaymentMethods.Named(world, name, clock) : null;
        world.Add(world.State.Customers, "cus_", clock, customer);
        world.Emit("customer.created", Json(customer), clock);
        if (method is not null)
        {
            PaymentMethods.Attach(world, customer, method, makeDefault: false);
        }

        SetDefault(call, customer);
        return Json(customer);
    }

    private static JsonObject Update(Call call)
    {
        var customer = call.World.State.Customers.Get(call.Id, "customer");
        if (customer.Deleted)
        {
            throw StripeException.NotFound("customer", call.Id);
        }

        Fill(customer, call.Form);
        SetDefault(call, customer);
        call.World.Emit("customer.updated", Json(customer), customer.TestClock);
        return Json(customer);
    }

    private static void Fill(Customer customer, Form form)
    {
        customer.Email = form.Text("email") ?? customer.Email;
        customer.Name = form.Text("name") ?? customer.Name;
        customer.Description = form.Text("description") ?? customer.Description;
        customer.Phone = form.Text("phone") ?? customer.Phone;
        form.ApplyMetadata(customer.Metadata);
    }

    private static void SetDefault(Call call, Customer customer)
    {
        if (call.Form.Child("invoice_settings").Text("default_payment_method") is not { Length: > 0 } id)
        {
            return;
        }

        // The test methods such as pm_card_visa make a new card each time they are named: one that was just attached is meant here.
        var method = call.Form.Text("payment_method") == id
            ? call.World.State.PaymentMethods.Values.Last(m => m.Customer == customer.Id)
            : PaymentMethods.Named(call.World, id, customer.TestClock);
        if (method.Customer != customer.Id && !PaymentMethods.IsTestName(id))
        {
            throw StripeException.Refused(
                "The customer does not have a payment method with the ID " + id + ". The payment method must be attached to the customer.",
                "resource_missing",
                "invoice_settings[default_payment_method]");
        }

        PaymentMethods.Attach(call.World, customer, method, makeDefault: true);
    }

    private static JsonObject Read(Call call)
    {
        var customer = call.World.State.Customers.Get(call.Id, "customer");
        return customer.Deleted ? JsonShapes.Deleted(customer.Id, "customer") : Json(customer);
    }

    private static JsonObject List(Call call)
    {
        var (email, clock, created) = (call.Form.Text("email"), call.Form.Text("test_clock"), ListPage.Created(call.Form));

        // As at Stripe, customers of a test clock show only to who asks for that clock.
        return ListPage.Of(
            call,
            call.World.State.Customers.Values.Where(c => !c.Deleted && (email is null || c.Email == email) && c.TestClock == clock && created(c)),
            Json);
    }

    private static JsonObject Delete(Call call)
    {
        var world = call.World;
        var customer = world.State.Customers.Get(call.Id, "customer");
        if (customer.Deleted)
        {
            throw StripeException.NotFound("customer", call.Id);
        }

        foreach (var subscription in world.State.Subscriptions.Values.Where(s => s.Customer == customer.Id && !s.IsOver).ToArray())
        {
            Lifecycle.Cancel(world, subscription, "cancellation_requested");
        }

        customer.Deleted = true;
        world.Emit("customer.deleted", Json(customer), customer.TestClock);
        return JsonShapes.Deleted(customer.Id, "customer");
    }
}
