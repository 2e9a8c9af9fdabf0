using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Which customer of Stripe's a member is.</summary>
public sealed class Customer
{
    public Guid UserId { get; init; }
    public required string CustomerId { get; set; }

    /// <summary>Counts customers that were deleted at Stripe and made anew.</summary>
    public int Generation { get; set; }
    public bool Deleted { get; set; }

    /// <summary>When its state was last read.</summary>
    public DateTimeOffset? SyncedAt { get; set; }
}

/// <summary>A subscription as it was last read; for reading only, entitlements stand in the account.</summary>
public sealed record Subscription
{
    public required string Id { get; init; }
    public required Guid UserId { get; init; }
    public required string Status { get; init; }
    public required Tier Tier { get; init; }
    public required string ItemId { get; init; }
    public required DateTimeOffset PeriodStart { get; init; }
    public required DateTimeOffset PeriodEnd { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CancelAt { get; init; }
    public bool CancelAtPeriodEnd { get; init; }
    public string? ScheduleId { get; init; }
    public Tier? PendingTier { get; init; }
    public DateTimeOffset? PendingAt { get; init; }
    public string? PendingReason { get; init; }
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary>Whether it is the one that counts for the member.</summary>
    public bool Current { get; init; }
}

internal sealed class CustomerTable : IEntityTypeConfiguration<Customer>
{
    public void Configure(EntityTypeBuilder<Customer> table)
    {
        table.ToTable("stripe_customers").HasKey(c => c.UserId);
        table.Property(c => c.UserId).ValueGeneratedNever();
        table.HasIndex(c => c.CustomerId).IsUnique();
        table.HasIndex(c => c.SyncedAt);
    }
}

internal sealed class SubscriptionTable : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> table)
    {
        table.ToTable("subscriptions");
        table.Property(s => s.Tier).HasConversion<short>();
        table.Property(s => s.PendingTier).HasConversion<short?>();
        table.HasIndex(s => s.UserId);
    }
}
