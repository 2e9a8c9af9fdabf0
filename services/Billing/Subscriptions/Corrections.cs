using Son1kVers3.Billing.Audit;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;
using Stripe;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Puts right at Stripe what a reading found to be wrong: each step is safe to repeat, and looks at Stripe's state
/// first.</summary>
internal sealed class Corrections(
    IStripeClient stripe, StripeKeys keys, SubscriptionSync sync, OperatorNotes notes, TimeProvider clock, ILogger<Corrections> log)
{
    /// <summary>Reads a member's customer, applies it and corrects what must not be.</summary>
    public async Task SyncAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (await sync.SyncAsync(userId, cancellationToken) is not { } reading)
            return;
        foreach (var invoice in SubscriptionRules.Obsolete(reading.Customer, clock.GetUtcNow()))
            await VoidAsync(invoice.Id, cancellationToken);
        foreach (var subscription in reading.Bought.Surplus)
            await EndSurplusAsync(userId, reading.Customer, subscription, cancellationToken);
    }

    /// <summary>Whoever deleted the account pays no longer: its subscription ends, and what was paid since goes back.</summary>
    public async Task EndOrphanAsync(Guid userId, string subscriptionId, DateTimeOffset deletedAt, CancellationToken cancellationToken)
    {
        if (await sync.SyncAsync(userId, cancellationToken) is not { } reading)
            return;
        var since = reading.Customer.Invoices.Where(i => i.SubscriptionId == subscriptionId && i.PaidAt >= deletedAt).ToList();
        if (since.Count > 0)
            await EndWithRefundAsync(new OperatorNote(userId, "end-orphan", subscriptionId, ""), since, cancellationToken);
        else
            await EndAsync(subscriptionId, cancellationToken);
        await SyncAsync(userId, cancellationToken);
    }

    /// <summary>Ends a subscription now; one that is gone already is as good.</summary>
    public async Task EndAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        try
        {
            await new SubscriptionService(stripe).CancelAsync(subscriptionId, cancellationToken: cancellationToken);
        }
        catch (StripeException e) when (e.IsRefusal)
        {
            log.LogInformation("Subscription {Subscription} is gone already: {Reason}", subscriptionId, e.Message);
        }
    }

    /// <summary>Takes an open invoice back; one that was paid meanwhile stays paid, and counts.</summary>
    public async Task VoidAsync(string invoiceId, CancellationToken cancellationToken)
    {
        try
        {
            await keys.CallAsync(
                $"void/{invoiceId}", request => new InvoiceService(stripe).VoidInvoiceAsync(invoiceId, null, request, cancellationToken),
                cancellationToken);
        }
        catch (StripeException e) when (e.IsRefusal)
        {
            log.LogInformation("Invoice {Invoice} is not open any more: {Reason}", invoiceId, e.Message);
        }
    }

    /// <summary>A member has one subscription: what was started beside it ends at once, and what was paid for time to come goes back. It
    /// may be an old one with a past.</summary>
    private Task EndSurplusAsync(Guid userId, CustomerState customer, SubscriptionState subscription, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var unspent = customer.Invoices.Where(i => i.SubscriptionId == subscription.Id && SubscriptionRules.IsUnspent(i, now));
        return EndWithRefundAsync(new OperatorNote(userId, "end-surplus", subscription.Id, ""), unspent, cancellationToken);
    }

    private async Task EndWithRefundAsync(OperatorNote note, IEnumerable<InvoiceState> invoices, CancellationToken cancellationToken)
    {
        var refunded = 0L;
        foreach (var invoice in invoices)
            refunded += invoice.RefundedCents + (invoice.KeptCents > 0 ? await RefundAsync(invoice, cancellationToken) : 0);
        await EndAsync(note.Subject, cancellationToken);
        log.LogError(
            "{Action}: subscription {Subscription} of member {UserId} was ended, and {Cents} cents went back",
            note.Action, note.Subject, note.UserId, refunded);
        await notes.AddAsync(note with { Detail = $"{note.Subject} ended, {refunded} cents refunded" }, cancellationToken);
    }

    private async Task<long> RefundAsync(InvoiceState invoice, CancellationToken cancellationToken)
    {
        var refunded = 0L;
        var paid = new InvoicePaymentListOptions { Invoice = invoice.Id, Status = "paid" };
        foreach (var payment in await new InvoicePaymentService(stripe).ListAsync(paid, cancellationToken: cancellationToken))
        {
            if (payment.Payment?.PaymentIntentId is not { } intent)
                continue;
            var options = new RefundCreateOptions { PaymentIntent = intent };
            try
            {
                refunded += (await keys.CallAsync(
                    $"surplus/{intent}", request => new RefundService(stripe).CreateAsync(options, request, cancellationToken),
                    cancellationToken)).Amount;
            }
            catch (StripeException e) when (e.IsRefusal)
            {
                // It went back already, or a bank holds it.
                log.LogInformation("Payment {Payment} cannot be refunded: {Reason}", intent, e.Message);
            }
        }

        return refunded;
    }
}
