using System.Globalization;
using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Schedules;

/// <summary>
/// Reads the phases of an update. The running phase must be among them, with its start as it is; a later one starts where the one
/// before it ends; a phase without an end lasts one billing period.
/// </summary>
internal static class SchedulePhases
{
    public static List<SchedulePhase> Read(World world, SubscriptionSchedule schedule, IReadOnlyList<Form> forms)
    {
        var now = world.Now(schedule.TestClock);
        var running = schedule.PhaseAt(now) ?? schedule.Phases[^1];
        var phases = new List<SchedulePhase>();
        foreach (var form in forms)
        {
            var previous = phases.LastOrDefault();
            var start = form.Integer("start_date") ?? previous?.End ?? throw StripeException.Missing(form.Name("start_date"));
            if (previous is null && start != running.Start)
            {
                throw StripeException.Invalid(
                    "You can not modify the start date of the current phase.", form.Name("start_date"));
            }

            if (previous is not null && start != previous.End)
            {
                throw StripeException.Invalid("A phase must start where the one before it ends.", form.Name("start_date"));
            }

            phases.Add(Phase(world, form, start));
        }

        return phases[0].End > now
            ? phases
            : throw StripeException.Invalid("The current phase can't end in the past.", forms[0].Name("end_date"));
    }

    private static SchedulePhase Phase(World world, Form form, long start)
    {
        var items = form.Items("items");
        if (items.Count == 0)
        {
            throw StripeException.Missing(form.Name("items"));
        }

        var priced = items.Select(item => new PricedItem(
            "",
            ItemForms.RecurringPrice(world, item.Required("price"), item.Name("price")),
            ItemForms.Quantity(item) ?? 1)).ToList();
        var metadata = new Dictionary<string, string>();
        form.ApplyMetadata(metadata);
        var end = form.Text("end_date") == "now" ? throw StripeException.NotEmulated("end_date=now") : form.Integer("end_date");
        end ??= DurationEnd(world, form.Child("duration"), priced[0].Price, start);
        if (end <= start)
        {
            throw StripeException.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"The end date must be after the start date ({start})."), form.Name("end_date"));
        }

        var proration = form.OneOf("proration_behavior", "always_invoice", "create_prorations", "none") ?? "create_prorations";
        return new SchedulePhase(start, end.Value, priced, proration, metadata);
    }

    private static long DurationEnd(World world, Form duration, string priceId, long start)
    {
        var price = world.State.Prices[priceId];
        var interval = duration.OneOf("interval", "day", "week", "month", "year") ?? price.Interval!;
        return BillingCalendar.Boundary(start, interval, (int)(duration.Integer("interval_count") ?? price.IntervalCount), 1);
    }
}
