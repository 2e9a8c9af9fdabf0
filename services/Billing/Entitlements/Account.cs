using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Entitlements;

/// <summary>The facts from which a member's entitlement follows at any instant. Every change of a member's quota locks this row first.</summary>
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

    /// <summary>A tier that an operator gave; its months are counted from <see cref="CompFrom"/>.</summary>
    public Tier CompTier { get; init; }
    public DateTimeOffset? CompFrom { get; init; }

    /// <summary>Null with a given tier: without an end.</summary>
    public DateTimeOffset? CompUntil { get; init; }
    public AlvaeLevel? Alvae { get; init; }

    /// <summary>The account is gone; its subscription is to end.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Size of the member's stored tracks together.</summary>
    public long StorageBytes { get; init; }

    /// <summary>Counts the events about the member that left billing.</summary>
    public long Sequence { get; init; }

    /// <summary>Tier and level that the last <see cref="EntitlementChanged"/> told; nobody needs to be told of FREE.</summary>
    public Tier ToldTier { get; init; }
    public AlvaeLevel? ToldAlvae { get; init; }

    /// <summary>The account of somebody billing has never heard of.</summary>
    public static Account Unknown(Guid userId) => new() { UserId = userId };

    /// <summary>The tier bought by the subscription at an instant.</summary>
    public Tier PaidTierAt(DateTimeOffset now) => PaidUntil is { } until && now >= until ? Tier.Free : PaidTier;

    /// <summary>The tier given by an operator at an instant.</summary>
    public Tier CompTierAt(DateTimeOffset now) => CompUntil is { } until && now >= until ? Tier.Free : CompTier;

    /// <summary>The better of what is paid and what is given.</summary>
    public Tier TierAt(DateTimeOffset now) => (Tier)Math.Max((int)PaidTierAt(now), (int)CompTierAt(now));

    /// <summary>What the member may do at an instant.</summary>
    public Entitlement EntitlementAt(DateTimeOffset now) => Entitlement.Of(TierAt(now), Alvae);

    /// <summary>The bucket that the allowance of an instant draws from.</summary>
    public Quotas.BucketPeriod BucketAt(DateTimeOffset now) => EntitlementAt(now).Allowance switch
    {
        Allowance.Free => Quotas.BucketPeriod.UtcDay(now),
        Allowance.Alvae => Quotas.BucketPeriod.CalendarMonth(now),
        _ => PaidTierAt(now) >= CompTierAt(now)
            ? new Quotas.BucketPeriod(PeriodStart!.Value, PeriodEnd!.Value)
            : Quotas.BucketPeriod.Anniversary(CompFrom!.Value, now),
    };
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> table)
    {
        table.ToTable("accounts").HasKey(a => a.UserId);
        table.Property(a => a.UserId).ValueGeneratedNever();
        table.Property(a => a.PaidTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.CompTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.ToldTier).HasConversion<short>().HasDefaultValue(Tier.Free).ValueGeneratedNever();
        table.Property(a => a.Alvae).HasConversion<short?>();
        table.Property(a => a.ToldAlvae).HasConversion<short?>();
        table.Property(a => a.StorageBytes).HasDefaultValue(0L).ValueGeneratedNever();
        table.Property(a => a.Sequence).HasDefaultValue(0L).ValueGeneratedNever();
        // What ends by the clock: the sweeper looks these up.
        table.HasIndex(a => a.PaidUntil).HasFilter("paid_until IS NOT NULL");
        table.HasIndex(a => a.CompUntil).HasFilter("comp_until IS NOT NULL");
    }
}
