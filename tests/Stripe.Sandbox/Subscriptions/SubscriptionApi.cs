using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Payments;

namespace Son1kVers3.Stripe.Sandbox.Subscriptions;

/// <summary>Subscriptions: create, read, list, cancel. Changing one is in <see cref="SubscriptionUpdate"/>.</summary>
internal static class SubscriptionApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/subscriptions",
            """
            customer items[].price items[].quantity items[].metadata.** default_payment_method payment_behavior proration_behavior off_session
            collection_method currency description metadata.** cancel_at_period_end billing_mode.type
            !items[].billing_thresholds !items[].discounts !items[].plan !items[].price_data !items[].tax_rates
            !add_invoice_items !application_fee_percent !automatic_tax !backdate_start_date !billing_cycle_anchor
            !billing_cycle_anchor_config !billing_mode.flexible !billing_schedules !billing_thresholds !cancel_at !customer_account !days_until_due
            !default_source !default_tax_rates !discounts !invoice_settings !on_behalf_of !payment_settings !pending_invoice_item_interval
            !transfer_data !trial_end !trial_from_plan !trial_period_days !trial_settings
            """,
            Create);
        routes.Get("/v1/subscriptions/{id}", call => SubscriptionJson.Of(call.World, call.World.State.Subscriptions.Get(call.Id, "subscription")));
        routes.List(
            "/v1/subscriptions",
            "customer price status test_clock collection_method created created.* !automatic_tax !current_period_end !current_period_start !customer_account !plan",
            List);
        routes.Delete(
            "/v1/subscriptions/{id}",
            "cancellation_details.comment cancellation_details.feedback !invoice_now !prorate",
            Cancel);
        SubscriptionUpdate.Map(routes);
        SubscriptionItemApi.Map(routes);
    }

    private static JsonObject Create(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var customer = CustomerApi.Referred(world, form.Required("customer"), "customer");
        var behavior = form.OneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete") ?? "allow_incomplete";
        var items = form.Items("items");
        if (items.Count == 0)
        {
            throw StripeException.Missing("items");
        }

        var subscription = new Subscription { Customer = customer.Id, TestClock = customer.TestClock };
        subscription.Items = ItemForms.Read(world, [], items, world.Now(customer.TestClock));
        subscription.Description = form.Text("description");
        subscription.DefaultPaymentMethod = form.Text("default_payment_method") is { } id
            ? world.State.PaymentMethods.GetReferred(id, "PaymentMethod", "default_payment_method").Id
            : null;
        form.ApplyMetadata(subscription.Metadata);
        RequireCard(world, customer, subscription, behavior);
        Lifecycle.Start(world, subscription, null, behavior != "default_incomplete");
        if (form.Flag("cancel_at_period_end") == true)
        {
            (subscription.CancelAtPeriodEnd, subscription.CancelAt) = (true, subscription.PeriodEnd);
        }

        return SubscriptionJson.Of(world, subscription);
    }

    private static void RequireCard(World world, Customer customer, Subscription subscription, string behavior)
    {
        var method = subscription.DefaultPaymentMethod ?? customer.DefaultPaymentMethod;
        if (method is null && behavior != "default_incomplete")
        {
            throw StripeException.Refused(
                "This customer has no attached payment source or default payment method. Please consider adding a default payment method.",
                "resource_missing");
        }

        if (behavior == "error_if_incomplete" && world.State.PaymentMethods[method!].Outcome != CardOutcome.Succeeds)
        {
            throw Charging.Declined();
        }
    }

    private static JsonObject List(Call call)
    {
        var form = call.Form;
        var (customer, price, clock, created) = (form.Text("customer"), form.Text("price"), form.Text("test_clock"), ListPage.Created(form));
        var status = form.OneOf(
            "status", "all", "ended", "active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid");
        form.OneOf("collection_method", "charge_automatically", "send_invoice");
        return ListPage.Of(
            call,
            call.World.State.Subscriptions.Values.Where(s =>
                (customer is null || s.Customer == customer)
                && (price is null || s.Items.Any(item => item.Price == price))
                && (clock is null || s.TestClock == clock)
                && IsListed(s, status) && created(s)),
            subscription => SubscriptionJson.Of(call.World, subscription));
    }

    // Without a status, canceled ones are left out.
    private static bool IsListed(Subscription subscription, string? status) => status switch
    {
        null => subscription.Status != SubscriptionStatus.Canceled,
        "all" => true,
        "ended" => subscription.IsOver,
        _ => subscription.Status == status,
    };

    private static JsonObject Cancel(Call call)
    {
        var subscription = call.World.State.Subscriptions.Get(call.Id, "subscription");
        if (subscription.IsOver)
        {
            throw StripeException.NotFound("subscription", call.Id);
        }

        SubscriptionUpdate.ReadCancellationDetails(subscription, call.Form);
        Lifecycle.Cancel(call.World, subscription, "cancellation_requested");
        return SubscriptionJson.Of(call.World, subscription);
    }
}
