using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>An event of Stripe's that came in, by webhook or by the reconciler's look. Only its existence counts: what it says is read
/// again.</summary>
public sealed class StripeEvent
{
    /// <summary>Stripe's id, by which a repetition is recognised.</summary>
    public required string Id { get; init; }
    public required string Type { get; init; }
    public string? CustomerId { get; init; }

    /// <summary>What the event is about, where that names no customer: a charge.</summary>
    public string? ChargeId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? ProcessedAt { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset NextAttemptAt { get; init; }
    public string? Error { get; init; }
}

/// <summary>How far a reader of Stripe's event list has come.</summary>
public sealed class StripeCursor
{
    public required string Name { get; init; }
    public DateTimeOffset SeenUntil { get; init; }
}

internal sealed class StripeEventTable : IEntityTypeConfiguration<StripeEvent>
{
    public void Configure(EntityTypeBuilder<StripeEvent> table)
    {
        table.ToTable("stripe_events");
        table.HasIndex(e => e.NextAttemptAt).HasFilter("processed_at IS NULL");
    }
}

internal sealed class StripeCursorTable : IEntityTypeConfiguration<StripeCursor>
{
    public void Configure(EntityTypeBuilder<StripeCursor> table) => table.ToTable("stripe_cursors").HasKey(c => c.Name);
}
