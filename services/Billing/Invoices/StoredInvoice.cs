using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;

namespace Son1kVers3.Billing.Invoices;

/// <summary>An invoice as it was last read, and what was published of it.</summary>
public sealed record StoredInvoice
{
    public required string Id { get; init; }
    public required Guid UserId { get; init; }
    public string? SubscriptionId { get; init; }
    public required InvoiceStatus Status { get; init; }
    public required BillingReason BillingReason { get; init; }
    public string? Number { get; init; }
    public long AmountDue { get; init; }
    public long AmountPaid { get; init; }
    public required string Currency { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }
    public long RefundedCents { get; init; }
    public long DisputedCents { get; init; }
    public string? Url { get; init; }

    /// <summary>Tax within what is due.</summary>
    public long TaxCents { get; init; }

    /// <summary>Whether <see cref="Contracts.InvoicePaid"/> was published.</summary>
    public bool PaidPublished { get; init; }

    /// <summary>Cents that <see cref="Contracts.InvoiceRefunded"/> was published for.</summary>
    public long RefundedCentsPublished { get; init; }
}

internal sealed class InvoiceTable : IEntityTypeConfiguration<StoredInvoice>
{
    public void Configure(EntityTypeBuilder<StoredInvoice> table)
    {
        table.ToTable("invoices");
        table.Property(i => i.Status).HasConversion(v => v.ToWord(), word => StripeWords.Parse(word, InvoiceStatus.Draft));
        table.Property(i => i.BillingReason).HasConversion(v => v.ToWord(), word => StripeWords.Parse(word, BillingReason.Manual));
        table.HasIndex(i => new { i.UserId, i.CreatedAt, i.Id });
    }
}
