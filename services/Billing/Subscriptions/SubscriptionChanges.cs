using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Switches and cancels. Up at once and prorated, once it is paid; down and out at the end of the period, undoable until
/// then.</summary>
internal sealed class SubscriptionChanges(
    IStripeClient stripe, StripeKeys keys, MemberTurns turns, Customers customers, CustomerReader reader, PriceBook prices,
    SubscriptionSync sync,
    Corrections corrections, TimeProvider clock)
{
    private sealed record Change(CustomerState Customer, SubscriptionState Subscription, Tier Target, string Operation);

    /// <summary>Brings the member's subscription to a tier; FREE cancels, the tier it has (or none) undoes what is
    /// pending.</summary>
    public async Task SwitchAsync(Guid userId, Tier? target, Guid operation, CancellationToken cancellationToken)
    {
        await using var turn = await turns.TakeAsync(userId, cancellationToken);
        await StripeProblems.ReachAsync(
            async () =>
            {
                var change = await FindAsync(userId, target, operation.ToString("N"), cancellationToken);
                if (change.Subscription.Status == SubscriptionStatus.PastDue && change.Target > change.Subscription.Tier)
                    throw Problem.Of(409, "payment-overdue", "Pay the open invoice first: open the portal with POST /api/tiers/portal.");
                await ApplyAsync(change, cancellationToken);
                return await sync.SyncAsync(userId, cancellationToken);
            },
            cancellationToken);
    }

    private async Task<Change> FindAsync(Guid userId, Tier? target, string operation, CancellationToken cancellationToken)
    {
        var customer = await customers.OfAsync(userId, cancellationToken) ?? throw Problem.NotFound("subscription");
        var state = await reader.ReadAsync(customer, cancellationToken);
        var subscription = SubscriptionRules.Of(state, clock.GetUtcNow()).Subscription ?? throw Problem.NotFound("subscription");
        // What it has is asked of Stripe: our last reading may be older than a switch in the portal.
        return new Change(state, subscription, target ?? subscription.Tier, operation);
    }

    private async Task ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        // An upgrade that waits for its payment would be applied by a late payment: whatever is chosen now takes its place.
        foreach (var invoice in SubscriptionRules.AwaitedByUpgrade(change.Customer, change.Subscription))
            await corrections.VoidAsync(invoice.Id, cancellationToken);
        if (change.Target < change.Subscription.Tier && change.Target != Tier.Free)
        {
            await ResumeAsync(change, cancellationToken);
            await DowngradeAsync(change, cancellationToken);
            return;
        }

        await ReleaseAsync(change, cancellationToken);
        if (change.Target == Tier.Free)
        {
            await SetCancelAsync(change, true, cancellationToken);
            return;
        }

        await ResumeAsync(change, cancellationToken);
        if (change.Target > change.Subscription.Tier)
            await UpgradeAsync(change, cancellationToken);
    }

    /// <summary>A schedule refuses other changes while it manages the subscription.</summary>
    private async Task ReleaseAsync(Change change, CancellationToken cancellationToken)
    {
        if (change.Subscription.ScheduleId is { } schedule)
        {
            await keys.CallAsync(
                $"release/{change.Operation}",
                request => new SubscriptionScheduleService(stripe).ReleaseAsync(schedule, null, request, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>Takes a cancellation back.</summary>
    private Task ResumeAsync(Change change, CancellationToken cancellationToken) => SetCancelAsync(change, false, cancellationToken);

    private async Task SetCancelAsync(Change change, bool cancels, CancellationToken cancellationToken)
    {
        if (change.Subscription.CancelAtPeriodEnd == cancels)
            return;
        await keys.CallAsync(
            $"{(cancels ? "cancel" : "resume")}/{change.Operation}",
            request => new SubscriptionService(stripe).UpdateAsync(
                change.Subscription.Id, new SubscriptionUpdateOptions { CancelAtPeriodEnd = cancels }, request, cancellationToken),
            cancellationToken);
    }

    /// <summary>Invoiced now, applied once paid: until then Stripe keeps it as a pending update.</summary>
    private Task<Subscription> UpgradeAsync(Change change, CancellationToken cancellationToken) => prices.WithPriceAsync(
        change.Target,
        price => keys.CallAsync(
            $"upgrade/{change.Operation}",
            request => new SubscriptionService(stripe).UpdateAsync(
                change.Subscription.Id,
                new SubscriptionUpdateOptions
                {
                    // Without the item's id the price would come on top.
                    Items = [new() { Id = change.Subscription.ItemId, Price = price }],
                    ProrationBehavior = "always_invoice",
                    PaymentBehavior = "pending_if_incomplete",
                },
                request,
                cancellationToken),
            cancellationToken),
        cancellationToken);

    private async Task DowngradeAsync(Change change, CancellationToken cancellationToken)
    {
        var (subscription, service) = (change.Subscription, new SubscriptionScheduleService(stripe));
        var schedule = subscription.ScheduleId is { } known
            ? await service.GetAsync(known, cancellationToken: cancellationToken)
            : await keys.CallAsync(
                $"schedule/{change.Operation}",
                request =>
                    service.CreateAsync(
                        new SubscriptionScheduleCreateOptions { FromSubscription = subscription.Id }, request, cancellationToken),
                cancellationToken);
        await prices.WithPriceAsync(
            change.Target,
            price => keys.CallAsync(
                $"downgrade/{change.Operation}",
                request => service.UpdateAsync(schedule.Id, Phases(subscription, schedule, price), request, cancellationToken),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>What is paid until the end of the period, then the cheaper price, then no schedule any more.</summary>
    private static SubscriptionScheduleUpdateOptions Phases(
        SubscriptionState subscription, SubscriptionSchedule schedule, string price) => new()
        {
            EndBehavior = "release",
            Phases =
        [
            new()
            {
                StartDate = schedule.CurrentPhase?.StartDate ?? subscription.Period.Start.UtcDateTime,
                EndDate = subscription.Period.End.UtcDateTime,
                Items = [new() { Price = subscription.PriceId, Quantity = 1 }],
                ProrationBehavior = "none",
            },
            new()
            {
                Items = [new() { Price = price, Quantity = 1 }],
                ProrationBehavior = "none",
                Duration = new() { Interval = "month", IntervalCount = 1 },
            },
        ],
        };
}
