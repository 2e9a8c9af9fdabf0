using System.Text.Json;
using Npgsql;
using Son1kVers3.Billing.Checkout;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Switches and cancels. Up at once and prorated, once it is paid; down and out at the end of the period, undoable until then.</summary>
internal sealed class SubscriptionChanges(
    NpgsqlDataSource database, StripeCalls stripe, Customers customers, CustomerReader reader, PriceBook prices, SubscriptionSync sync)
{
    /// <summary>Brings the member's subscription to a tier; FREE cancels, the tier it has undoes what is pending.</summary>
    public async Task SwitchAsync(Guid userId, Tier target, Guid operation, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MemberLock.TakeAsync(connection, transaction, userId, cancellationToken);
        await Payments.ReachAsync(async () =>
        {
            var subscription = await FindAsync(userId, cancellationToken);
            if (subscription.Status == "past_due" && target > subscription.Tier)
                throw Problem.Of(409, "payment-overdue", "Pay the open invoice first: open the portal with POST /api/tiers/portal.");
            await ApplyAsync(new Change(subscription, target, operation.ToString("N")), cancellationToken);
            return await sync.SyncAsync(userId, cancellationToken);
        });
    }

    private sealed record Change(SubscriptionState Subscription, Tier Target, string Operation)
    {
        public string Path => $"/v1/subscriptions/{Subscription.Id}";
    }

    private async Task<SubscriptionState> FindAsync(Guid userId, CancellationToken cancellationToken)
    {
        var customer = await customers.OfAsync(userId, cancellationToken) ?? throw Problem.NotFound("subscription");
        var state = await reader.ReadAsync(customer, cancellationToken);
        return SubscriptionRules.Of(state).Subscription ?? throw Problem.NotFound("subscription");
    }

    private async Task ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var subscription = change.Subscription;
        if (change.Target < subscription.Tier && change.Target != Tier.Free)
        {
            await ResumeAsync(change, cancellationToken);
            await DowngradeAsync(change, cancellationToken);
            return;
        }

        // A schedule refuses other changes while it manages the subscription.
        if (subscription.ScheduleId is { } schedule)
            await stripe.PostAsync($"release/{change.Operation}", $"/v1/subscription_schedules/{schedule}/release", StripeForm.Empty, cancellationToken);
        if (change.Target == Tier.Free)
        {
            if (!subscription.CancelAtPeriodEnd)
                await stripe.PostAsync($"cancel/{change.Operation}", change.Path, [new("cancel_at_period_end", "true")], cancellationToken);
            return;
        }

        await ResumeAsync(change, cancellationToken);
        if (change.Target > subscription.Tier)
            await UpgradeAsync(change, cancellationToken);
    }

    /// <summary>Takes a cancellation back.</summary>
    private async Task ResumeAsync(Change change, CancellationToken cancellationToken)
    {
        if (change.Subscription.CancelAtPeriodEnd)
            await stripe.PostAsync($"resume/{change.Operation}", change.Path, [new("cancel_at_period_end", "false")], cancellationToken);
    }

    /// <summary>Invoiced now, applied once paid: until then Stripe keeps it as a pending update.</summary>
    private async Task UpgradeAsync(Change change, CancellationToken cancellationToken)
    {
        var form = new StripeForm
        {
            // Without the item's id the price would come on top.
            { "items[0][id]", change.Subscription.ItemId },
            { "items[0][price]", await prices.PriceOfAsync(change.Target, cancellationToken) },
            { "proration_behavior", "always_invoice" },
            { "payment_behavior", "pending_if_incomplete" },
        };
        await stripe.PostAsync($"upgrade/{change.Operation}", change.Path, form, cancellationToken);
    }

    private async Task DowngradeAsync(Change change, CancellationToken cancellationToken)
    {
        var subscription = change.Subscription;
        var schedule = subscription.ScheduleId ?? (await stripe.PostAsync(
            $"schedule/{change.Operation}", "/v1/subscription_schedules", [new("from_subscription", subscription.Id)], cancellationToken)).Text("id")!;
        var current = await stripe.GetAsync($"/v1/subscription_schedules/{schedule}", StripeForm.Empty, cancellationToken);
        var form = new StripeForm
        {
            { "end_behavior", "release" },
            { "phases[0][start_date]", current.Time("current_phase", "start_date") ?? subscription.Period.Start },
            { "phases[0][end_date]", subscription.Period.End },
            { "phases[0][items][0][price]", subscription.PriceId },
            { "phases[0][items][0][quantity]", 1 },
            { "phases[0][proration_behavior]", "none" },
            { "phases[1][items][0][price]", await prices.PriceOfAsync(change.Target, cancellationToken) },
            { "phases[1][items][0][quantity]", 1 },
            { "phases[1][proration_behavior]", "none" },
            { "phases[1][duration][interval]", "month" },
            { "phases[1][duration][interval_count]", 1 },
        };
        await stripe.PostAsync($"downgrade/{change.Operation}", $"/v1/subscription_schedules/{schedule}", form, cancellationToken);
    }
}
