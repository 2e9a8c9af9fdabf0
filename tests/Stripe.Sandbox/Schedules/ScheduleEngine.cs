using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Schedules;

/// <summary>Moves a schedule from phase to phase, and to its end.</summary>
internal static class ScheduleEngine
{
    /// <summary>A phase ended: the next one begins, or the schedule does what its <c>end_behavior</c> says.</summary>
    public static void Advance(World world, SubscriptionSchedule schedule)
    {
        var now = world.Now(schedule.TestClock);
        var subscription = world.State.Subscriptions[schedule.Subscription!];
        schedule.EnteredAt = now;
        if (schedule.PhaseAt(now) is { } phase)
        {
            Enter(world, subscription, phase);
            world.Emit("subscription_schedule.updated", ScheduleJson.Of(world, schedule), schedule.TestClock);
            return;
        }

        if (schedule.EndBehavior == "cancel")
        {
            (schedule.Status, schedule.CompletedAt) = ("completed", now);
            subscription.Schedule = null;
            world.Emit("subscription_schedule.completed", ScheduleJson.Of(world, schedule), schedule.TestClock);
            Lifecycle.Cancel(world, subscription, "cancellation_requested");
            return;
        }

        Release(world, schedule);
    }

    /// <summary>Lets the subscription go on by itself as it is now.</summary>
    public static void Release(World world, SubscriptionSchedule schedule)
    {
        var subscription = world.State.Subscriptions[schedule.Subscription!];
        (schedule.Status, schedule.ReleasedAt) = ("released", world.Now(schedule.TestClock));
        (schedule.ReleasedSubscription, schedule.Subscription) = (schedule.Subscription, null);
        subscription.Schedule = null;
        world.Emit("subscription_schedule.released", ScheduleJson.Of(world, schedule), schedule.TestClock);
        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
    }

    public static void SubscriptionEnded(World world, SubscriptionSchedule schedule)
    {
        (schedule.Status, schedule.CanceledAt) = ("canceled", world.Now(schedule.TestClock));
        world.Emit("subscription_schedule.canceled", ScheduleJson.Of(world, schedule), schedule.TestClock);
    }

    private static void Enter(World world, Subscription subscription, SchedulePhase phase)
    {
        var now = world.Now(subscription.TestClock);
        var items = new List<SubscriptionItem>();
        foreach (var (wanted, index) in phase.Items.Select((item, index) => (item, index)))
        {
            var item = index < subscription.Items.Count
                ? subscription.Items[index].Copy()
                : new SubscriptionItem { Id = Resource.NewId("si_"), Created = now, Price = wanted.Price };
            (item.Price, item.Quantity) = (wanted.Price, wanted.Quantity);
            items.Add(item);
        }

        foreach (var (key, value) in phase.Metadata)
        {
            subscription.Metadata[key] = value;
        }

        Changes.Apply(world, subscription, new ItemChange(items, phase.ProrationBehavior, "allow_incomplete", Math.Min(now, subscription.PeriodEnd)));
    }
}
