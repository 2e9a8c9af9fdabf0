using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Billing.Invoices;

/// <summary>An invoice as it was last read, and what was told of it.</summary>
public sealed record Invoice
{
    public required string Id { get; init; }
    public required Guid UserId { get; init; }
    public string? SubscriptionId { get; init; }
    public required string Status { get; init; }
    public required string BillingReason { get; init; }
    public string? Number { get; init; }
    public long AmountDue { get; init; }
    public long AmountPaid { get; init; }
    public required string Currency { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }
    public long RefundedCents { get; init; }
    public string? Dispute { get; init; }
    public string? Url { get; init; }

    /// <summary>Whether <see cref="Contracts.InvoicePaid"/> was told.</summary>
    public bool ToldPaid { get; init; }

    /// <summary>Cents that <see cref="Contracts.InvoiceRefunded"/> told of.</summary>
    public long ToldRefundedCents { get; init; }
}

internal sealed class InvoiceTable : IEntityTypeConfiguration<Invoice>
{
    public void Configure(EntityTypeBuilder<Invoice> table)
    {
        table.ToTable("invoices");
        table.HasIndex(i => new { i.UserId, i.CreatedAt, i.Id });
    }
}
