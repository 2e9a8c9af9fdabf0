using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Invoices;

/// <summary>Keeps invoices as they were read, and publishes once the money that came and the money that went back.</summary>
internal sealed class InvoiceBook(BillingDb db, Outbox outbox)
{
    /// <summary>Stores a member's invoices in the current transaction; returns the account with the sequence that was reached.</summary>
    public async Task<Account> StoreAsync(Account account, IReadOnlyList<InvoiceState> invoices, CancellationToken cancellationToken)
    {
        var known = await db.Set<StoredInvoice>().AsNoTracking().Where(i => i.UserId == account.UserId)
            .ToDictionaryAsync(i => i.Id, cancellationToken);
        foreach (var invoice in invoices.OrderBy(i => i.CreatedAt))
        {
            var before = known.GetValueOrDefault(invoice.Id);
            var row = Row(account.UserId, invoice, before);
            if (row.Status == InvoiceStatus.Paid && row.AmountPaid > 0 && !row.PaidPublished)
            {
                account = account with { Sequence = account.Sequence + 1 };
                row = row with { PaidPublished = true };
                outbox.Publish(Paid(account, row));
            }

            if (invoice.ReturnedCents > row.RefundedCentsPublished)
            {
                account = account with { Sequence = account.Sequence + 1 };
                outbox.Publish(Refunded(account, row, invoice.ReturnedCents));
                row = row with { RefundedCentsPublished = invoice.ReturnedCents };
            }

            if (before is null)
                db.Add(row);
            else if (row != before)
                db.Update(row);
        }

        return account;
    }

    private static StoredInvoice Row(Guid userId, InvoiceState invoice, StoredInvoice? before) => new()
    {
        Id = invoice.Id,
        UserId = userId,
        SubscriptionId = invoice.SubscriptionId,
        Status = invoice.Status,
        BillingReason = invoice.BillingReason,
        Number = invoice.Number,
        AmountDue = invoice.AmountDue,
        AmountPaid = invoice.AmountPaid,
        TaxCents = invoice.TaxCents,
        Currency = invoice.Currency,
        CreatedAt = invoice.CreatedAt,
        PaidAt = invoice.PaidAt,
        PeriodStart = (invoice.PeriodLine ?? invoice.Lines.LastOrDefault())?.Period.Start,
        PeriodEnd = (invoice.PeriodLine ?? invoice.Lines.LastOrDefault())?.Period.End,
        RefundedCents = invoice.RefundedCents,
        DisputedCents = invoice.Disputes.Where(d => d.IsWithheld).Sum(d => d.AmountCents),
        Url = invoice.Url,
        PaidPublished = before?.PaidPublished ?? false,
        RefundedCentsPublished = before?.RefundedCentsPublished ?? 0,
    };

    private static InvoicePaid Paid(Account account, StoredInvoice invoice) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        InvoiceId = invoice.Id,
        AmountCents = invoice.AmountPaid,
        TaxCents = TaxOf(invoice, invoice.AmountPaid),
        Currency = invoice.Currency,
        BillingReason = invoice.BillingReason.ToWord(),
        PaidAt = invoice.PaidAt,
    };

    /// <summary>Whole sums are split, and what was published before is taken off: parts that are rounded add up to the whole.</summary>
    private static InvoiceRefunded Refunded(Account account, StoredInvoice invoice, long returned) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        InvoiceId = invoice.Id,
        AmountCents = returned - invoice.RefundedCentsPublished,
        TaxCents = TaxOf(invoice, returned) - TaxOf(invoice, invoice.RefundedCentsPublished),
        Currency = invoice.Currency,
    };

    /// <summary>The tax within a part of what the invoice asked.</summary>
    private static long TaxOf(StoredInvoice invoice, long cents) =>
        invoice.AmountDue == 0 ? 0 : (long)Math.Round((decimal)invoice.TaxCents * cents / invoice.AmountDue);
}
