using System.Text.Json;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Reads what Stripe holds of a customer: subscriptions with their schedules, invoices, and refunds and disputes of their charges.</summary>
public sealed class CustomerReader(StripeCalls stripe, PriceBook prices)
{
    /// <summary>The state as Stripe answers now.</summary>
    public async Task<CustomerState> ReadAsync(string customerId, CancellationToken cancellationToken)
    {
        var of = new StripeForm { { "customer", customerId } };
        var subscriptions = new List<SubscriptionState>();
        foreach (var json in await stripe.ListAsync("/v1/subscriptions", [.. of, new("status", "all"), new("expand[0]", "data.schedule")], cancellationToken))
            subscriptions.Add(await SubscriptionAsync(json, cancellationToken));
        if (subscriptions.Count == 0)
            return new CustomerState(customerId, [], []);

        var invoices = (await stripe.ListAsync("/v1/invoices", of, cancellationToken)).Select(Invoice).ToDictionary(i => i.Id);
        foreach (var charge in await stripe.ListAsync("/v1/charges", of, cancellationToken))
        {
            if (charge.Number("amount_refunded") > 0 || charge.Flag("disputed"))
                await AddTakenBackAsync(invoices, charge, cancellationToken);
        }

        return new CustomerState(customerId, subscriptions, [.. invoices.Values]);
    }

    private async Task<SubscriptionState> SubscriptionAsync(JsonElement json, CancellationToken cancellationToken)
    {
        var item = json.Items("items").First();
        var cancelAt = json.Time("cancel_at");
        return new SubscriptionState
        {
            Id = json.Text("id")!,
            Status = json.Text("status")!,
            Tier = prices.TierOf(item.At("price")),
            ItemId = item.Text("id")!,
            PriceId = item.Text("price", "id")!,
            Period = new BucketPeriod(item.Time("current_period_start")!.Value, item.Time("current_period_end")!.Value),
            CreatedAt = json.Time("created")!.Value,
            CancelAt = cancelAt,
            CancelAtPeriodEnd = json.Flag("cancel_at_period_end"),
            EndedAt = json.Time("ended_at"),
            ScheduleId = json.Reference("schedule"),
            Pending = await PendingAsync(json, cancelAt, cancellationToken),
        };
    }

    private async Task<PendingChange?> PendingAsync(JsonElement json, DateTimeOffset? cancelAt, CancellationToken cancellationToken)
    {
        if (json.Time("pending_update", "expires_at") is { } expiresAt && json.Items("pending_update", "subscription_items").FirstOrDefault() is { ValueKind: JsonValueKind.Object } item)
            return new PendingChange(prices.TierOf(item.At("price")), expiresAt, "payment");
        if (json.Time("schedule", "current_phase", "end_date") is { } end)
        {
            var next = json.Items("schedule", "phases").FirstOrDefault(phase => phase.Time("start_date") == end);
            if (next.Items("items").FirstOrDefault().Reference("price") is { } price)
                return new PendingChange(await prices.TierOfAsync(price, cancellationToken), end, "downgrade");
        }

        return cancelAt is { } at ? new PendingChange(Tier.Free, at, "cancel") : null;
    }

    private static InvoiceState Invoice(JsonElement json)
    {
        var line = json.Items("lines").FirstOrDefault(l => !l.Flag("parent", "subscription_item_details", "proration"));
        return new InvoiceState
        {
            Id = json.Text("id")!,
            SubscriptionId = json.Reference("parent", "subscription_details", "subscription"),
            Status = json.Text("status") ?? "draft",
            BillingReason = json.Text("billing_reason") ?? "manual",
            Number = json.Text("number"),
            AmountDue = json.Number("amount_due"),
            AmountPaid = json.Number("amount_paid"),
            Currency = json.Text("currency") ?? "usd",
            CreatedAt = json.Time("created")!.Value,
            FinalizedAt = json.Time("status_transitions", "finalized_at"),
            PaidAt = json.Time("status_transitions", "paid_at"),
            Attempted = json.Flag("attempted"),
            Period = line.Time("period", "start") is { } start && line.Time("period", "end") is { } end ? new BucketPeriod(start, end) : null,
            Url = json.Text("hosted_invoice_url"),
        };
    }

    /// <summary>From a charge to its invoice there is one way: the payments of the payment intent.</summary>
    private async Task AddTakenBackAsync(Dictionary<string, InvoiceState> invoices, JsonElement charge, CancellationToken cancellationToken)
    {
        if (charge.Reference("payment_intent") is not { } intent)
            return;
        var query = new StripeForm { { "payment[type]", "payment_intent" }, { "payment[payment_intent]", intent } };
        var payments = await stripe.GetAsync("/v1/invoice_payments", query, cancellationToken);
        if (payments.Items().FirstOrDefault().Reference("invoice") is not { } id || !invoices.TryGetValue(id, out var invoice))
            return;
        string? dispute = null;
        if (charge.Flag("disputed"))
            dispute = (await stripe.GetAsync("/v1/disputes", [new("charge", charge.Text("id")!)], cancellationToken)).Items().FirstOrDefault().Text("status");
        invoices[id] = invoice with { RefundedCents = invoice.RefundedCents + charge.Number("amount_refunded"), Dispute = dispute ?? invoice.Dispute };
    }
}
