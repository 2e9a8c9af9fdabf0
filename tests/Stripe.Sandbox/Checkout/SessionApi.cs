using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Checkout;

/// <summary>Checkout Sessions for subscriptions: create, read, list, expire, line items.</summary>
internal static class SessionApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/checkout/sessions",
            """
            mode line_items[].price line_items[].quantity customer customer_email client_reference_id success_url cancel_url expires_at
            locale metadata.** subscription_data.metadata.** subscription_data.description payment_method_collection payment_method_types[]
            ui_mode allow_promotion_codes billing_address_collection submit_type
            !line_items[].adjustable_quantity !line_items[].id !line_items[].metadata !line_items[].price_data !line_items[].tax_rates
            !subscription_data.application_fee_percent !subscription_data.billing_cycle_anchor !subscription_data.billing_cycle_anchor_config
            !subscription_data.billing_mode !subscription_data.default_tax_rates !subscription_data.invoice_settings
            !subscription_data.on_behalf_of !subscription_data.pending_invoice_item_interval !subscription_data.proration_behavior
            !subscription_data.transfer_data !subscription_data.trial_end !subscription_data.trial_period_days !subscription_data.trial_settings
            !adaptive_pricing !after_expiration !automatic_tax !branding_settings !consent_collection
            !currency !custom_fields !custom_text !customer_account !customer_creation !customer_update !discounts
            !excluded_payment_method_types !integration_identifier !invoice_creation !managed_payments !name_collection !optional_items
            !origin_context !payment_intent_data !payment_method_configuration !payment_method_data !payment_method_options !permissions
            !phone_number_collection !redirect_on_completion !return_url !saved_payment_method_options !setup_intent_data
            !shipping_address_collection !shipping_options !tax_id_collection !wallet_options
            """,
            Create);
        routes.Get("/v1/checkout/sessions/{id}", call => SessionJson.Of(call.World, Find(call)));
        routes.List(
            "/v1/checkout/sessions",
            "customer subscription status customer_details.email created created.* payment_intent !customer_account !payment_link",
            List);
        routes.List("/v1/checkout/sessions/{id}/line_items", "", call =>
            ListPage.Json(call.Path, Find(call).Items.Select(item => SessionJson.Item(call.World, item))));
        routes.Post("/v1/checkout/sessions/{id}/expire", "", Expire);
    }

    private static CheckoutSession Find(Call call) => call.World.State.Sessions.Get(call.Id, "checkout.session");

    private static JsonObject Create(Call call)
    {
        var (world, form) = (call.World, call.Form);
        RefuseOtherModes(form);
        var customer = form.Text("customer") is { } id ? CustomerApi.Referred(world, id, "customer") : null;
        if (customer is not null && form.Has("customer_email"))
        {
            throw StripeException.Invalid("You may only specify one of these parameters: customer, customer_email.", "customer");
        }

        var now = world.Now(customer?.TestClock);
        var session = new CheckoutSession
        {
            Customer = customer?.Id,
            TestClock = customer?.TestClock,
            CustomerEmail = form.Text("customer_email"),
            ClientReferenceId = Reference(form),
            SuccessUrl = Url(form, "success_url") ?? throw StripeException.Missing("success_url"),
            CancelUrl = Url(form, "cancel_url"),
            Locale = form.Text("locale"),
            Items = ReadItems(world, form),
            ExpiresAt = ReadExpiry(form, now),
        };
        form.ApplyMetadata(session.Metadata);
        form.Child("subscription_data").ApplyMetadata(session.SubscriptionMetadata);
        session.SubscriptionDescription = form.Child("subscription_data").Text("description");
        world.Add(world.State.Sessions, "cs_test_", session.TestClock, session);
        session.Url = $"{call.BaseUrl}/c/pay/{session.Id}";
        return SessionJson.Of(world, session);
    }

    private static void RefuseOtherModes(Form form)
    {
        form.Required("mode");
        if (form.OneOf("mode", "payment", "setup", "subscription") != "subscription")
        {
            throw StripeException.NotEmulated($"mode={form.Text("mode")}");
        }

        if (form.OneOf("ui_mode", "hosted_page", "embedded_page", "elements", "form") is not (null or "hosted_page"))
        {
            throw StripeException.NotEmulated($"ui_mode={form.Text("ui_mode")}");
        }

        form.OneOf("payment_method_collection", "always", "if_required");
    }

    private static string? Reference(Form form) => form.Text("client_reference_id") is { Length: > 200 }
        ? throw StripeException.Invalid("Invalid string: must be at most 200 characters", "client_reference_id", "parameter_invalid_string")
        : form.Text("client_reference_id");

    private static string? Url(Form form, string key)
    {
        var text = form.Text(key);
        return text is null || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? text
            : throw StripeException.Invalid("Not a valid URL", key, "url_invalid");
    }

    private static List<PricedItem> ReadItems(World world, Form form)
    {
        var items = form.Items("line_items");
        if (items.Count == 0)
        {
            throw StripeException.Missing("line_items");
        }

        return [.. items.Select(item => new PricedItem(
            Resource.NewId("li_"),
            ItemForms.RecurringPrice(world, item.Required("price"), item.Name("price")),
            ItemForms.Quantity(item) ?? throw StripeException.Missing(item.Name("quantity"))))];
    }

    private static long ReadExpiry(Form form, long now)
    {
        var at = form.Integer("expires_at") ?? now + 86400;
        return at >= now + 1800 && at <= now + 86400
            ? at
            : throw StripeException.Invalid(
                "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", "expires_at");
    }

    private static JsonObject List(Call call)
    {
        var form = call.Form;
        var (customer, subscription, created) = (form.Text("customer"), form.Text("subscription"), ListPage.Created(form));
        var status = form.OneOf("status", "complete", "expired", "open");
        var (email, intent) = (form.Child("customer_details").Text("email"), form.Text("payment_intent"));
        return ListPage.Of(
            call,
            call.World.State.Sessions.Values.Where(s =>
                (customer is null || s.Customer == customer) && (subscription is null || s.Subscription == subscription)
                && (status is null || s.Status == status) && (email is null || s.CustomerEmail == email) && intent is null && created(s)),
            session => SessionJson.Of(call.World, session));
    }

    private static JsonObject Expire(Call call)
    {
        var session = Find(call);
        if (session.Status != "open")
        {
            throw StripeException.Refused($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of \"{session.Status}\".");
        }

        CheckoutFlow.Expire(call.World, session);
        return SessionJson.Of(call.World, session);
    }
}
