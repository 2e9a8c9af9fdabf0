using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Reads what Stripe holds of a customer: subscriptions with their schedules, and invoices with all lines, refunds and
/// disputes.</summary>
public sealed class CustomerReader(IStripeClient stripe, PriceBook prices)
{
    private const int PageSize = 100;

    /// <summary>The state as Stripe answers now.</summary>
    public async Task<CustomerState> ReadAsync(string customerId, CancellationToken cancellationToken)
    {
        try
        {
            var subscriptions = await SubscriptionsAsync(customerId, cancellationToken);
            return new CustomerState(
                customerId, subscriptions, subscriptions.Count == 0 ? [] : await InvoicesAsync(customerId, cancellationToken));
        }
        catch (StripeException e) when (e.IsMissing && e.StripeError?.Param == "customer")
        {
            return new CustomerState(customerId, [], []) { IsGone = true };
        }
    }

    /// <summary>Whether the customer is still there to buy.</summary>
    public async Task<bool> ExistsAsync(string customerId, CancellationToken cancellationToken)
    {
        try
        {
            return (await new CustomerService(stripe).GetAsync(customerId, cancellationToken: cancellationToken)).Deleted != true;
        }
        catch (StripeException e) when (e.IsMissing)
        {
            return false;
        }
    }

    private async Task<List<SubscriptionState>> SubscriptionsAsync(string customerId, CancellationToken cancellationToken)
    {
        var states = new List<SubscriptionState>();
        var options = new SubscriptionListOptions { Customer = customerId, Status = "all", Limit = PageSize, Expand = ["data.schedule"] };
        await foreach (var subscription in new SubscriptionService(stripe)
            .ListAutoPagingAsync(options, cancellationToken: cancellationToken))
            states.Add(await StateOfAsync(subscription, cancellationToken));
        return states;
    }

    private async Task<SubscriptionState> StateOfAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        // Operators may sell something beside the tier.
        var item = subscription.Items.Data.Find(i => prices.TierOf(i.Price) is not null) ?? subscription.Items.Data[0];
        return new SubscriptionState
        {
            Id = subscription.Id,
            Status = StripeWords.Parse(subscription.Status, SubscriptionStatus.Unknown),
            Tier = prices.TierOf(item.Price) ?? Tier.Free,
            ItemId = item.Id,
            PriceId = item.Price.Id,
            Period = new BucketPeriod(item.CurrentPeriodStart, item.CurrentPeriodEnd),
            CreatedAt = subscription.Created,
            CancelAt = subscription.CancelAt,
            CancelAtPeriodEnd = subscription.CancelAtPeriodEnd,
            EndedAt = subscription.EndedAt,
            ScheduleId = subscription.ScheduleId,
            Pending = await PendingAsync(subscription, cancellationToken),
        };
    }

    private async Task<PendingChange?> PendingAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.PendingUpdate is { SubscriptionItems: [var item, ..], ExpiresAt: { } expiresAt })
            return new PendingChange(prices.TierOf(item.Price) ?? Tier.Free, expiresAt, PendingReason.Payment);
        if (subscription.Schedule is
            {
                CurrentPhase.EndDate: { } end,
                Phases: { } phases
            } && phases.Find(p => p.StartDate == end) is { Items: [var next, ..] })
            return new PendingChange(await prices.TierOfAsync(next.PriceId, cancellationToken) ?? Tier.Free, end, PendingReason.Downgrade);
        return subscription.CancelAt is { } at ? new PendingChange(Tier.Free, at, PendingReason.Cancel) : null;
    }

    private async Task<IReadOnlyList<InvoiceState>> InvoicesAsync(string customerId, CancellationToken cancellationToken)
    {
        var invoices = new Dictionary<string, InvoiceState>();
        var options = new InvoiceListOptions { Customer = customerId, Limit = PageSize };
        await foreach (var invoice in new InvoiceService(stripe).ListAutoPagingAsync(options, cancellationToken: cancellationToken))
            invoices.Add(invoice.Id, await StateOfAsync(invoice, cancellationToken));
        await foreach (var charge in new ChargeService(stripe).ListAutoPagingAsync(
            new ChargeListOptions { Customer = customerId, Limit = PageSize }, cancellationToken: cancellationToken))
        {
            if (charge.AmountRefunded > 0 || charge.Disputed)
                await AddTakenBackAsync(invoices, charge, cancellationToken);
        }

        return [.. invoices.Values];
    }

    private async Task<InvoiceState> StateOfAsync(Invoice invoice, CancellationToken cancellationToken) => new()
    {
        Id = invoice.Id,
        SubscriptionId = invoice.Parent?.SubscriptionDetails?.SubscriptionId,
        Status = StripeWords.Parse(invoice.Status, InvoiceStatus.Draft),
        BillingReason = StripeWords.Parse(invoice.BillingReason, BillingReason.Manual),
        Number = invoice.Number,
        AmountDue = invoice.AmountDue,
        AmountPaid = invoice.AmountPaid,
        TaxCents = TaxDue(invoice),
        Currency = invoice.Currency ?? "usd",
        CreatedAt = invoice.Created,
        FinalizedAt = invoice.StatusTransitions?.FinalizedAt,
        PaidAt = invoice.StatusTransitions?.PaidAt,
        Attempted = invoice.Attempted,
        NextAttemptAt = invoice.AutomaticallyFinalizesAt ?? invoice.NextPaymentAttempt,
        Url = invoice.HostedInvoiceUrl,
        Lines = await LinesAsync(invoice, cancellationToken),
    };

    /// <summary>What credit of the customer's pays is without tax, in proportion.</summary>
    private static long TaxDue(Invoice invoice) => invoice is { TotalExcludingTax: { } net, Total: > 0 and var total }
        ? (long)Math.Round((decimal)(total - net) * invoice.AmountDue / total)
        : 0;

    /// <summary>Ten lines come with the invoice; the line that pays for the period may be behind them.</summary>
    private async Task<IReadOnlyList<InvoiceLineState>> LinesAsync(Invoice invoice, CancellationToken cancellationToken)
    {
        var lines = new List<InvoiceLineState>();
        if (!invoice.Lines.HasMore)
        {
            foreach (var line in invoice.Lines)
                lines.Add(await StateOfAsync(line, cancellationToken));
            return lines;
        }

        await foreach (var line in new InvoiceLineItemService(stripe).ListAutoPagingAsync(
            invoice.Id, new InvoiceLineItemListOptions { Limit = PageSize }, cancellationToken: cancellationToken))
        {
            lines.Add(await StateOfAsync(line, cancellationToken));
        }

        return lines;
    }

    private async Task<InvoiceLineState> StateOfAsync(InvoiceLineItem line, CancellationToken cancellationToken)
    {
        var isProration = line.Parent?.SubscriptionItemDetails?.Proration ?? line.Parent?.InvoiceItemDetails?.Proration ?? true;
        var tier = line.Pricing?.PriceDetails?.PriceId is { } price ? await prices.TierOfAsync(price, cancellationToken) : null;
        return new InvoiceLineState(tier, line.Amount, new BucketPeriod(line.Period.Start, line.Period.End), isProration);
    }

    /// <summary>From a charge to its invoice there is one way: the payments of the payment intent.</summary>
    private async Task AddTakenBackAsync(Dictionary<string, InvoiceState> invoices, Charge charge, CancellationToken cancellationToken)
    {
        if (charge.PaymentIntentId is not { } intent)
            return;
        var payment = new InvoicePaymentPaymentOptions { Type = "payment_intent", PaymentIntent = intent };
        var payments = await new InvoicePaymentService(stripe)
            .ListAsync(new InvoicePaymentListOptions { Payment = payment }, cancellationToken: cancellationToken);
        if (payments.Data is not [{ InvoiceId: { } id }, ..] || !invoices.TryGetValue(id, out var invoice))
            return;
        var disputes = charge.Disputed ? await DisputesAsync(charge, cancellationToken) : [];
        invoices[id] =
            invoice with { RefundedCents = invoice.RefundedCents + charge.AmountRefunded, Disputes = [.. invoice.Disputes, .. disputes] };
    }

    private async Task<List<DisputeState>> DisputesAsync(Charge charge, CancellationToken cancellationToken)
    {
        var disputes = new List<DisputeState>();
        await foreach (var dispute in new DisputeService(stripe).ListAutoPagingAsync(
            new DisputeListOptions { Charge = charge.Id, Limit = PageSize }, cancellationToken: cancellationToken))
        {
            // Cents of another currency cannot be taken from the charge's: banks dispute the whole.
            var amount = dispute.Currency == charge.Currency ? dispute.Amount : charge.Amount;
            disputes.Add(new DisputeState(amount, StripeWords.Parse(dispute.Status, DisputeStatus.NeedsResponse)));
        }

        return disputes;
    }
}
