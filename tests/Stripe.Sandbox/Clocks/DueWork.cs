using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Checkout;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Schedules;

namespace Son1kVers3.Stripe.Sandbox.Clocks;

/// <summary>
/// What time brings about: renewals, charges and retries, phase changes, cancellations, expiries.
/// </summary>
/// <remarks>
/// One thing at a time, always the earliest, with the clock standing at its very second: so that an advance over three months gives
/// the same objects and times as three months of waiting. At the same second a cancellation comes before a phase change, and both
/// before a renewal.
/// </remarks>
internal static class DueWork
{
    private sealed record Due(long At, int Rank, long Ordinal, Action Run);

    /// <summary>Does everything that falls due until <paramref name="until"/> for the objects of one clock.</summary>
    public static void Run(World world, string? clock, long until)
    {
        while (Earliest(world, clock, until) is { } due)
        {
            world.MoveTo(clock, Math.Max(due.At, clock is null ? due.At : world.Now(clock)));
            due.Run();
            world.Touch();
        }

        world.MoveTo(clock, clock is null ? null : until);
    }

    private static Due? Earliest(World world, string? clock, long until) =>
        Sessions(world, clock).Concat(Subscriptions(world, clock)).Concat(Invoices(world, clock))
            .Where(due => due.At <= until)
            .OrderBy(due => due.At).ThenBy(due => due.Rank).ThenBy(due => due.Ordinal)
            .FirstOrDefault();

    private static IEnumerable<Due> Sessions(World world, string? clock) => world.State.Sessions.Values
        .Where(session => session.TestClock == clock && session.Status == "open")
        .Select(session => new Due(session.ExpiresAt, 0, session.Ordinal, () => CheckoutFlow.Expire(world, session)));

    private static IEnumerable<Due> Subscriptions(World world, string? clock)
    {
        foreach (var subscription in world.State.Subscriptions.Values.Where(s => s.TestClock == clock && !s.IsOver))
        {
            if (subscription.Status == SubscriptionStatus.Incomplete)
            {
                yield return new Due(
                    subscription.Created + Lifecycle.PaymentWindow, 0, subscription.Ordinal, () => Lifecycle.ExpireIncomplete(world, subscription));
                continue;
            }

            if (subscription.PendingUpdate is { } pending)
            {
                yield return new Due(pending.ExpiresAt, 0, subscription.Ordinal, () => Lifecycle.ExpirePendingUpdate(world, subscription));
            }

            if (subscription.CancelAt is { } cancelAt)
            {
                yield return new Due(cancelAt, 1, subscription.Ordinal, () => Lifecycle.Cancel(world, subscription, "cancellation_requested"));
            }

            if (subscription.Schedule is { } id && PhaseEnd(world.State.Schedules[id]) is { } end)
            {
                yield return new Due(end, 2, subscription.Ordinal, () => ScheduleEngine.Advance(world, world.State.Schedules[id]));
            }

            yield return new Due(subscription.PeriodEnd, 3, subscription.Ordinal, () => Lifecycle.Renew(world, subscription));
        }
    }

    private static IEnumerable<Due> Invoices(World world, string? clock)
    {
        foreach (var invoice in world.State.Invoices.Values.Where(i => i.TestClock == clock))
        {
            if (invoice is { Status: "draft", FinalizesAt: { } finalizesAt })
            {
                yield return new Due(finalizesAt, 4, invoice.Ordinal, () =>
                {
                    Invoicing.Finalize(world, invoice);
                    Invoicing.Attempt(world, invoice);
                });
            }
            else if (invoice is { Status: "open", NextAttempt: { } nextAttempt })
            {
                yield return new Due(nextAttempt, 5, invoice.Ordinal, () => Invoicing.Attempt(world, invoice));
            }
        }
    }

    private static long? PhaseEnd(SubscriptionSchedule schedule) => schedule.Status == "active"
        ? schedule.Phases.Select(phase => (long?)phase.End).FirstOrDefault(end => end > schedule.EnteredAt)
        : null;
}
