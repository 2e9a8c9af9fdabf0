using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Billing.CustomerStates;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Which customer of Stripe's a member is.</summary>
public sealed class MemberCustomer
{
    public Guid UserId { get; init; }
    public required string CustomerId { get; init; }

    /// <summary>Counts customers that were deleted at Stripe and made anew.</summary>
    public int Generation { get; init; }
    public bool Deleted { get; init; }

    /// <summary>When its state was last applied.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>Numbers the readings of it, in the order in which they began.</summary>
    public long ReadingsBegun { get; init; }

    /// <summary>The newest reading that was applied; older ones that end later are dropped.</summary>
    public long ReadingApplied { get; init; }
}

/// <summary>A subscription as it was last read; for reading only, entitlements stand in the account.</summary>
public sealed record StoredSubscription
{
    public required string Id { get; init; }
    public required Guid UserId { get; init; }
    public required SubscriptionStatus Status { get; init; }
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
    public PendingReason? PendingReason { get; init; }
    public DateTimeOffset? GraceUntil { get; init; }

    /// <summary>Whether it is the one that counts for the member.</summary>
    public bool Current { get; init; }
}

internal sealed class MemberCustomerTable : IEntityTypeConfiguration<MemberCustomer>
{
    public void Configure(EntityTypeBuilder<MemberCustomer> table)
    {
        table.ToTable("stripe_customers").HasKey(c => c.UserId);
        table.Property(c => c.UserId).ValueGeneratedNever();
        table.Property(c => c.ReadingsBegun).HasDefaultValue(0L);
        table.Property(c => c.ReadingApplied).HasDefaultValue(0L);
        table.HasIndex(c => c.CustomerId).IsUnique();
        table.HasIndex(c => c.SyncedAt);
    }
}

internal sealed class SubscriptionTable : IEntityTypeConfiguration<StoredSubscription>
{
    public void Configure(EntityTypeBuilder<StoredSubscription> table)
    {
        table.ToTable("subscriptions");
        table.Property(s => s.Status).HasConversion(v => v.ToWord(), word => StripeWords.Parse(word, SubscriptionStatus.Unknown));
        table.Property(s => s.Tier).HasConversion<short>();
        table.Property(s => s.PendingTier).HasConversion<short?>();
        table.Property(s => s.PendingReason)
            .HasConversion(v => v!.Value.ToWord(), word => StripeWords.Parse(word, CustomerStates.PendingReason.Cancel));
        table.HasIndex(s => s.UserId);
    }
}
