using Microsoft.EntityFrameworkCore;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Invoices;

/// <summary>Keeps invoices as they were read, and tells once of money that came and of money that went back.</summary>
internal sealed class InvoiceBook(BillingDb db, Outbox outbox)
{
    /// <summary>Stores a member's invoices in the current transaction; returns the account with the sequence that was reached.</summary>
    public async Task<Account> StoreAsync(Account account, IReadOnlyList<InvoiceState> invoices, CancellationToken cancellationToken)
    {
        var known = await db.Set<Invoice>().AsNoTracking().Where(i => i.UserId == account.UserId).ToDictionaryAsync(i => i.Id, cancellationToken);
        foreach (var invoice in invoices.OrderBy(i => i.CreatedAt))
        {
            var before = known.GetValueOrDefault(invoice.Id);
            var row = Row(account.UserId, invoice, before);
            if (row.Status == "paid" && row.AmountPaid > 0 && !row.ToldPaid)
            {
                account = account with { Sequence = account.Sequence + 1 };
                row = row with { ToldPaid = true };
                outbox.Publish(Paid(account, row));
            }

            var takenBack = invoice.Dispute == "lost" ? row.AmountPaid : row.RefundedCents;
            if (takenBack > row.ToldRefundedCents)
            {
                account = account with { Sequence = account.Sequence + 1 };
                outbox.Publish(Refunded(account, row, takenBack - row.ToldRefundedCents));
                row = row with { ToldRefundedCents = takenBack };
            }

            if (before is null)
                db.Add(row);
            else if (row != before)
                db.Update(row);
        }

        return account;
    }

    private static Invoice Row(Guid userId, InvoiceState invoice, Invoice? before) => new()
    {
        Id = invoice.Id,
        UserId = userId,
        SubscriptionId = invoice.SubscriptionId,
        Status = invoice.Status,
        BillingReason = invoice.BillingReason,
        Number = invoice.Number,
        AmountDue = invoice.AmountDue,
        AmountPaid = invoice.AmountPaid,
        Currency = invoice.Currency,
        CreatedAt = invoice.CreatedAt,
        PaidAt = invoice.PaidAt,
        PeriodStart = invoice.Period?.Start,
        PeriodEnd = invoice.Period?.End,
        RefundedCents = invoice.RefundedCents,
        Dispute = invoice.Dispute,
        Url = invoice.Url,
        ToldPaid = before?.ToldPaid ?? false,
        ToldRefundedCents = before?.ToldRefundedCents ?? 0,
    };

    private static InvoicePaid Paid(Account account, Invoice invoice) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        InvoiceId = invoice.Id,
        AmountCents = invoice.AmountPaid,
        Currency = invoice.Currency,
        BillingReason = invoice.BillingReason,
    };

    private static InvoiceRefunded Refunded(Account account, Invoice invoice, long cents) => new()
    {
        UserId = account.UserId,
        Sequence = account.Sequence,
        InvoiceId = invoice.Id,
        AmountCents = cents,
        Currency = invoice.Currency,
    };
}
