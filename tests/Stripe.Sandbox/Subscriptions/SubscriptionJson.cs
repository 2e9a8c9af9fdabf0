using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Catalogue;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Subscriptions;

/// <summary>The subscription in its 2026 shape: the period stands on the items only.</summary>
internal static class SubscriptionJson
{
    public static JsonObject Of(World world, Subscription subscription) => new()
    {
        ["id"] = subscription.Id,
        ["object"] = "subscription",
        ["application"] = null,
        ["application_fee_percent"] = null,
        ["automatic_tax"] = JsonShapes.AutomaticTax(),
        ["billing_cycle_anchor"] = subscription.Anchor,
        ["billing_cycle_anchor_config"] = null,
        ["billing_mode"] = new JsonObject { ["type"] = "classic" },
        ["billing_thresholds"] = null,
        ["cancel_at"] = subscription.CancelAt,
        ["cancel_at_period_end"] = subscription.CancelAtPeriodEnd,
        ["canceled_at"] = subscription.CanceledAt,
        ["cancellation_details"] = new JsonObject
        {
            ["comment"] = subscription.CancellationComment,
            ["feedback"] = subscription.CancellationFeedback,
            ["reason"] = subscription.CancellationReason,
        },
        ["collection_method"] = "charge_automatically",
        ["created"] = subscription.Created,
        ["currency"] = world.State.Prices[subscription.Items[0].Price].Currency,
        ["customer"] = subscription.Customer,
        ["customer_account"] = null,
        ["days_until_due"] = null,
        ["default_payment_method"] = subscription.DefaultPaymentMethod,
        ["default_source"] = null,
        ["default_tax_rates"] = new JsonArray(),
        ["description"] = subscription.Description,
        ["discounts"] = new JsonArray(),
        ["ended_at"] = subscription.EndedAt,
        ["invoice_settings"] = new JsonObject { ["account_tax_ids"] = null, ["issuer"] = new JsonObject { ["type"] = "self" } },
        ["items"] = ListPage.Json(
            $"/v1/subscription_items?subscription={subscription.Id}", subscription.Items.Select(item => Item(world, subscription, item))),
        ["latest_invoice"] = subscription.LatestInvoice,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(subscription.Metadata),
        ["next_pending_invoice_item_invoice"] = null,
        ["on_behalf_of"] = null,
        ["pause_collection"] = null,
        ["payment_settings"] = new JsonObject
        {
            ["payment_method_options"] = null,
            ["payment_method_types"] = null,
            ["save_default_payment_method"] = "off",
        },
        ["pending_invoice_item_interval"] = null,
        ["pending_setup_intent"] = null,
        ["pending_update"] = Pending(world, subscription),
        ["schedule"] = subscription.Schedule,
        ["start_date"] = subscription.Created,
        ["status"] = subscription.Status,
        ["test_clock"] = subscription.TestClock,
        ["transfer_data"] = null,
        ["trial_end"] = null,
        ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["missing_payment_method"] = "create_invoice" } },
        ["trial_start"] = null,
    };

    public static JsonObject Item(World world, Subscription subscription, SubscriptionItem item) => new()
    {
        ["id"] = item.Id,
        ["object"] = "subscription_item",
        ["billing_thresholds"] = null,
        ["created"] = item.Created,
        ["current_period_end"] = subscription.PeriodEnd,
        ["current_period_start"] = subscription.PeriodStart,
        ["discounts"] = new JsonArray(),
        ["metadata"] = JsonShapes.Map(item.Metadata),
        ["price"] = PriceApi.Json(world.State.Prices[item.Price]),
        ["quantity"] = item.Quantity,
        ["subscription"] = subscription.Id,
        ["tax_rates"] = new JsonArray(),
    };

    private static JsonObject? Pending(World world, Subscription subscription) => subscription.PendingUpdate is not { } pending
        ? null
        : new JsonObject
        {
            ["billing_cycle_anchor"] = null,
            ["discounts"] = null,
            ["expires_at"] = pending.ExpiresAt,
            ["metadata"] = null,
            ["subscription_items"] = new JsonArray([.. pending.Items.Select(item => (JsonNode)Item(world, subscription, item))]),
            ["trial_end"] = null,
            ["trial_from_plan"] = null,
        };
}
