using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Subscriptions;

/// <summary><c>POST /v1/subscriptions/{id}</c>: items, cancellation, card, metadata.</summary>
internal static class SubscriptionUpdate
{
    /// <summary>What may go along with <c>pending_if_incomplete</c>; the rest would apply before the payment.</summary>
    private static readonly string[] AllowedWhilePending =
        ["items", "proration_behavior", "proration_date", "payment_behavior", "off_session", "expand", "billing_cycle_anchor"];

    private static readonly string[] Feedbacks =
        ["", "customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive", "unused"];

    public static void Map(ApiRoutes routes) => routes.Post(
        "/v1/subscriptions/{id}",
        """
        items[].id items[].price items[].quantity items[].deleted items[].metadata.** cancel_at cancel_at_period_end
        cancellation_details.comment cancellation_details.feedback default_payment_method description metadata.** off_session
        payment_behavior proration_behavior proration_date billing_cycle_anchor
        !items[].billing_thresholds !items[].discounts !items[].plan !items[].price_data !items[].tax_rates !items[].clear_usage
        !add_invoice_items !application_fee_percent !automatic_tax !billing_schedules !billing_thresholds !collection_method
        !days_until_due !default_source !default_tax_rates !discounts !invoice_settings !on_behalf_of !pause_collection
        !payment_settings !pending_invoice_item_interval !transfer_data !trial_end !trial_from_plan !trial_settings
        """,
        Update);

    public static void ReadCancellationDetails(Subscription subscription, Form form)
    {
        var details = form.Child("cancellation_details");
        subscription.CancellationComment = details.Text("comment") ?? subscription.CancellationComment;
        subscription.CancellationFeedback = details.OneOf("feedback", Feedbacks) ?? subscription.CancellationFeedback;
    }

    private static JsonObject Update(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var subscription = world.State.Subscriptions.Get(call.Id, "subscription");
        var change = ReadChange(world, subscription, form);
        Refuse(subscription, form, change);
        CheckTheRest(world, subscription, form);

        // First what a refused card can still stop: then nothing else has changed.
        if (change is not null)
        {
            Changes.Apply(world, subscription, change);
        }

        if (form.Text("default_payment_method") is { } method)
        {
            subscription.DefaultPaymentMethod = method.Length == 0 ? null : method;
        }

        form.ApplyMetadata(subscription.Metadata);
        subscription.Description = form.Text("description") ?? subscription.Description;
        ReadCancellationDetails(subscription, form);
        SetCancellation(world, subscription, form);
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        world.Touch();
        return SubscriptionJson.Of(world, subscription);
    }

    public static ItemChange? ReadChange(World world, Subscription subscription, Form form, IReadOnlyList<Form>? items = null)
    {
        var proration = form.OneOf("proration_behavior", "always_invoice", "create_prorations", "none") ?? "create_prorations";
        var payment = form.OneOf(
            "payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete") ?? "allow_incomplete";
        form.OneOf("billing_cycle_anchor", "unchanged");
        if (payment == "default_incomplete")
        {
            throw StripeException.NotEmulated("payment_behavior=default_incomplete");
        }

        var now = world.Now(subscription.TestClock);
        var at = form.Integer("proration_date") ?? now;
        if (at < subscription.PeriodStart || at > subscription.PeriodEnd)
        {
            throw StripeException.Invalid(
                "Cannot specify `proration_date` outside of the subscription's current period.", "proration_date", "parameter_invalid_integer");
        }

        items ??= form.Items("items");
        return items.Count == 0 ? null : new ItemChange(ItemForms.Read(world, subscription.Items, items, now), proration, payment, at);
    }

    private static void Refuse(Subscription subscription, Form form, ItemChange? change)
    {
        var names = form.Fields.Select(field => field.Path[0]).Distinct().ToArray();
        if (subscription.IsOver && names.Any(name => name is not ("metadata" or "cancellation_details" or "expand")))
        {
            throw StripeException.Refused("A canceled subscription can only update its cancellation_details and metadata.");
        }

        if (subscription.Status == SubscriptionStatus.Incomplete && change is not null)
        {
            throw StripeException.Refused("You can't update the items of an incomplete subscription before its first invoice is paid.");
        }

        if (change?.Payment == "pending_if_incomplete" && names.FirstOrDefault(name => !AllowedWhilePending.Contains(name)) is { } other)
        {
            throw StripeException.Invalid(
                $"The following parameter is not supported with payment_behavior=pending_if_incomplete: {other}", other);
        }

        if (subscription.Schedule is { } schedule && names.Any(name => name is "cancel_at" or "cancel_at_period_end"))
        {
            throw StripeException.Refused(
                $"The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation behavior directly "
                + "is not allowed. Please update the schedule instead.");
        }
    }

    private static void CheckTheRest(World world, Subscription subscription, Form form)
    {
        form.ApplyMetadata(new Dictionary<string, string>());
        form.Flag("cancel_at_period_end");
        form.Child("cancellation_details").OneOf("feedback", Feedbacks);
        if (form.Text("default_payment_method") is { Length: > 0 } method)
        {
            world.State.PaymentMethods.GetReferred(method, "PaymentMethod", "default_payment_method");
        }

        if (form.Text("cancel_at") is not (null or "" or "min_period_end" or "max_period_end")
            && form.Integer("cancel_at") <= world.Now(subscription.TestClock))
        {
            throw StripeException.Invalid("`cancel_at` must be in the future.", "cancel_at");
        }
    }

    private static void SetCancellation(World world, Subscription subscription, Form form)
    {
        var now = world.Now(subscription.TestClock);
        switch (form.Flag("cancel_at_period_end"))
        {
            case true:
                (subscription.CancelAtPeriodEnd, subscription.CancelAt) = (true, subscription.PeriodEnd);
                subscription.CanceledAt ??= now;
                subscription.CancellationReason = "cancellation_requested";
                return;
            case false when subscription.CancelAtPeriodEnd:
                Undo(subscription);
                return;
        }

        switch (form.Text("cancel_at"))
        {
            case null:
                return;
            case "":
                Undo(subscription);
                return;
            case "min_period_end" or "max_period_end":
                subscription.CancelAt = subscription.PeriodEnd;
                break;
            default:
                subscription.CancelAt = form.Integer("cancel_at");
                break;
        }

        subscription.CanceledAt ??= now;
        subscription.CancellationReason = "cancellation_requested";
    }

    private static void Undo(Subscription subscription)
    {
        (subscription.CancelAtPeriodEnd, subscription.CancelAt, subscription.CanceledAt) = (false, null, null);
        subscription.CancellationReason = null;
    }
}
