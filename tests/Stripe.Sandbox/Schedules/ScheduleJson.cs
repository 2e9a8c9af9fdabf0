using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Schedules;

internal static class ScheduleJson
{
    public static JsonObject Of(World world, SubscriptionSchedule schedule) => new()
    {
        ["id"] = schedule.Id,
        ["object"] = "subscription_schedule",
        ["application"] = null,
        ["billing_mode"] = new JsonObject { ["type"] = "classic" },
        ["canceled_at"] = schedule.CanceledAt,
        ["completed_at"] = schedule.CompletedAt,
        ["created"] = schedule.Created,
        ["current_phase"] = schedule.Status == "active" && schedule.PhaseAt(world.Now(schedule.TestClock)) is { } phase
            ? new JsonObject { ["end_date"] = phase.End, ["start_date"] = phase.Start }
            : null,
        ["customer"] = schedule.Customer,
        ["default_settings"] = new JsonObject
        {
            ["billing_cycle_anchor"] = "automatic",
            ["collection_method"] = "charge_automatically",
            ["default_payment_method"] = null,
        },
        ["end_behavior"] = schedule.EndBehavior,
        ["livemode"] = false,
        ["metadata"] = JsonShapes.Map(schedule.Metadata),
        ["phases"] = new JsonArray([.. schedule.Phases.Select(p => (JsonNode)Phase(world, p))]),
        ["released_at"] = schedule.ReleasedAt,
        ["released_subscription"] = schedule.ReleasedSubscription,
        ["status"] = schedule.Status,
        ["subscription"] = schedule.Subscription,
        ["test_clock"] = schedule.TestClock,
    };

    private static JsonObject Phase(World world, SchedulePhase phase) => new()
    {
        ["add_invoice_items"] = new JsonArray(),
        ["billing_cycle_anchor"] = null,
        ["collection_method"] = null,
        ["currency"] = world.State.Prices[phase.Items[0].Price].Currency,
        ["description"] = null,
        ["discounts"] = new JsonArray(),
        ["end_date"] = phase.End,
        ["items"] = new JsonArray([.. phase.Items.Select(item => (JsonNode)new JsonObject
        {
            ["discounts"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
            ["price"] = item.Price,
            ["quantity"] = item.Quantity,
            ["tax_rates"] = new JsonArray(),
        })]),
        ["metadata"] = JsonShapes.Map(phase.Metadata),
        ["proration_behavior"] = phase.ProrationBehavior,
        ["start_date"] = phase.Start,
        ["trial_end"] = null,
    };
}
