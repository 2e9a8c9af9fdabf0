using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Schedules;

/// <summary>Subscription schedules: made from a subscription, given phases, released or canceled.</summary>
internal static class ScheduleApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/subscription_schedules",
            """
            from_subscription metadata.** !billing_mode !customer !customer_account !default_settings !end_behavior !phases !start_date
            """,
            Create);
        routes.Post(
            "/v1/subscription_schedules/{id}",
            """
            end_behavior metadata.** proration_behavior phases[].items[].price phases[].items[].quantity phases[].start_date phases[].end_date
            phases[].duration.interval phases[].duration.interval_count phases[].proration_behavior phases[].metadata.** phases[].currency
            !default_settings !phases[].add_invoice_items !phases[].application_fee_percent !phases[].automatic_tax !phases[].billing_cycle_anchor
            !phases[].billing_thresholds !phases[].collection_method !phases[].default_payment_method !phases[].default_tax_rates
            !phases[].description !phases[].discounts !phases[].invoice_settings !phases[].on_behalf_of !phases[].transfer_data !phases[].trial
            !phases[].trial_end !phases[].items[].billing_thresholds !phases[].items[].discounts !phases[].items[].metadata
            !phases[].items[].plan !phases[].items[].price_data !phases[].items[].tax_rates
            """,
            Update);
        routes.Get("/v1/subscription_schedules/{id}", call => ScheduleJson.Of(call.World, Find(call)));
        routes.List(
            "/v1/subscription_schedules",
            "customer scheduled created created.* canceled_at completed_at released_at !customer_account",
            List);
        routes.Post("/v1/subscription_schedules/{id}/release", "preserve_cancel_date", Release);
        routes.Post("/v1/subscription_schedules/{id}/cancel", "!invoice_now !prorate", Cancel);
    }

    private static SubscriptionSchedule Find(Call call) => call.World.State.Schedules.Get(call.Id, "subscription_schedule");

    private static SubscriptionSchedule FindActive(Call call, string verb)
    {
        var schedule = Find(call);
        return schedule.Status == "active"
            ? schedule
            : throw StripeException.Refused(
                $"You cannot {verb} a subscription schedule that is currently in the `{schedule.Status}` status.");
    }

    private static JsonObject Create(Call call)
    {
        var world = call.World;
        var id = call.Form.Text("from_subscription")
            ?? throw StripeException.Invalid("This sandbox makes schedules from a subscription only.", "from_subscription", "parameter_missing");
        var subscription = world.State.Subscriptions.GetReferred(id, "subscription", "from_subscription");
        if (!subscription.IsRunning)
        {
            throw StripeException.Refused($"You cannot migrate a subscription that is `{subscription.Status}` to a subscription schedule.");
        }

        if (subscription.Schedule is { } existing)
        {
            throw StripeException.Refused(
                $"You cannot migrate a subscription that is already attached to a schedule: `{existing}`.", param: "from_subscription");
        }

        var schedule = new SubscriptionSchedule
        {
            Customer = subscription.Customer,
            TestClock = subscription.TestClock,
            Subscription = subscription.Id,
            EndBehavior = subscription.CancelAtPeriodEnd ? "cancel" : "release",
            Phases = [CurrentPhase(subscription)],
            EnteredAt = world.Now(subscription.TestClock),
        };
        call.Form.ApplyMetadata(schedule.Metadata);
        world.Add(world.State.Schedules, "sub_sched_", schedule.TestClock, schedule);
        subscription.Schedule = schedule.Id;
        (subscription.CancelAtPeriodEnd, subscription.CancelAt, subscription.CanceledAt) = (false, null, null);
        world.Emit("subscription_schedule.created", ScheduleJson.Of(world, schedule), schedule.TestClock);
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        return ScheduleJson.Of(world, schedule);
    }

    private static SchedulePhase CurrentPhase(Subscription subscription) => new(
        subscription.PeriodStart,
        subscription.PeriodEnd,
        [.. subscription.Items.Select(item => new PricedItem(item.Id, item.Price, item.Quantity))],
        "create_prorations",
        []);

    private static JsonObject Update(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var schedule = FindActive(call, "update");
        var behavior = form.OneOf("end_behavior", "cancel", "release", "none", "renew");
        if (behavior is "none" or "renew")
        {
            throw StripeException.NotEmulated($"end_behavior={behavior}");
        }

        form.OneOf("proration_behavior", "always_invoice", "create_prorations", "none");
        var phases = form.Items("phases");
        schedule.Phases = phases.Count > 0 ? SchedulePhases.Read(world, schedule, phases) : schedule.Phases;
        schedule.EndBehavior = behavior ?? schedule.EndBehavior;
        form.ApplyMetadata(schedule.Metadata);
        world.Emit("subscription_schedule.updated", ScheduleJson.Of(world, schedule), schedule.TestClock);
        return ScheduleJson.Of(world, schedule);
    }

    private static JsonObject Release(Call call)
    {
        var schedule = FindActive(call, "release");
        ScheduleEngine.Release(call.World, schedule);
        return ScheduleJson.Of(call.World, schedule);
    }

    private static JsonObject Cancel(Call call)
    {
        var schedule = FindActive(call, "cancel");
        Lifecycle.Cancel(call.World, call.World.State.Subscriptions[schedule.Subscription!], "cancellation_requested");
        return ScheduleJson.Of(call.World, schedule);
    }

    private static JsonObject List(Call call)
    {
        var (customer, created) = (call.Form.Text("customer"), ListPage.Created(call.Form));
        return ListPage.Of(
            call,
            call.World.State.Schedules.Values.Where(s => (customer is null || s.Customer == customer) && created(s)),
            schedule => ScheduleJson.Of(call.World, schedule));
    }
}
