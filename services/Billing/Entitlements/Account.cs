using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>The facts from which a member's entitlement follows at any instant (<c>allowance_at</c> in <c>QuotaFunctions.sql</c>). Every
/// change of a member's quota locks this row first.</summary>
/// <remarks>A member without a row is FREE: the row comes with the first reservation, payment or badge.</remarks>
public sealed record Account
{
    public required Guid UserId { get; init; }

    /// <summary>The tier that the last paid period bought; FREE without one.</summary>
    public Tier PaidTier { get; init; }

    /// <summary>When the paid tier ends: the end of a cancelled period or of the grace; null while the subscription goes on.</summary>
    public DateTimeOffset? PaidUntil { get; init; }

    /// <summary>Start of the period that was paid last, which names the bucket.</summary>
    public DateTimeOffset? PeriodStart { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }

    /// <summary>When the payment of the next period is expected, once this one is over.</summary>
    public DateTimeOffset? RefillAt { get; init; }

    /// <summary>A tier that an operator gave; its months are counted from <see cref="CompFrom"/>.</summary>
    public Tier CompTier { get; init; }
    public DateTimeOffset? CompFrom { get; init; }

    /// <summary>Null with a given tier: without an end.</summary>
    public DateTimeOffset? CompUntil { get; init; }
    public AlvaeLevel? Alvae { get; init; }

    /// <summary>The account is gone; its subscription is to end.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The ledger no longer names the member.</summary>
    public DateTimeOffset? AnonymisedAt { get; init; }

    /// <summary>Size of the member's stored tracks together.</summary>
    public long StorageBytes { get; init; }

    /// <summary>Counts the events about the member that left billing.</summary>
    public long Sequence { get; init; }

    /// <summary>Tier and level of the last <see cref="EntitlementChanged"/>; FREE needs none.</summary>
    public Tier PublishedTier { get; init; }
    public AlvaeLevel? PublishedAlvae { get; init; }
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> table)
    {
        table.ToTable("accounts").HasKey(a => a.UserId);
        table.Property(a => a.UserId).ValueGeneratedNever();
        table.Property(a => a.PaidTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.CompTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.PublishedTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.Alvae).HasConversion<short?>();
        table.Property(a => a.PublishedAlvae).HasConversion<short?>();
        table.Property(a => a.StorageBytes).HasDefaultValue(0L).ValueGeneratedNever();
        table.Property(a => a.Sequence).HasDefaultValue(0L).ValueGeneratedNever();
        // What ends by the clock: the sweeper looks these up.
        table.HasIndex(a => a.PaidUntil).HasFilter("paid_until IS NOT NULL");
        table.HasIndex(a => a.CompUntil).HasFilter("comp_until IS NOT NULL");
        table.HasIndex(a => a.DeletedAt).HasFilter("deleted_at IS NOT NULL AND anonymised_at IS NULL")
            .HasDatabaseName("ix_accounts_to_anonymise");
    }
}
