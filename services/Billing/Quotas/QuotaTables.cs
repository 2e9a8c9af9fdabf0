using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Quotas;

/// <summary>The balance of one allowance in one period: what the ledger's entries of the bucket add up to.</summary>
public sealed class Bucket
{
    public Guid UserId { get; init; }
    public Allowance Allowance { get; init; }
    public DateTimeOffset PeriodStart { get; init; }
    public DateTimeOffset PeriodEnd { get; init; }

    /// <summary>Units held by generations that are not finished.</summary>
    public int Reserved { get; init; }

    /// <summary>Units of finished generations.</summary>
    public int Used { get; init; }

    /// <summary>Units that operators added to the limit.</summary>
    public int Granted { get; init; }

    /// <summary>Whether <see cref="QuotaExhausted"/> was published of this bucket.</summary>
    public bool ExhaustedPublished { get; init; }
}

/// <summary>Where one unit stands. Its id is the generation's.</summary>
public sealed class Reservation
{
    public Guid Id { get; init; }

    /// <summary>The id that was asked for first, of units that were taken together.</summary>
    public Guid GroupId { get; init; }
    public Guid UserId { get; init; }

    /// <summary><c>reserved</c>, <c>confirmed</c>, <c>committed</c>, <c>released</c>, <c>expired</c>, or <c>tombstone</c> when it was
    /// released before it was known.</summary>
    public required string State { get; init; }

    /// <summary>What was asked for; the same id with another one is a conflict. Null on a tombstone.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The attempt of the generation that the unit was last asked for; a later one reopens a released unit.</summary>
    public int Attempt { get; init; }
    public Tier? Tier { get; init; }
    public Allowance? Allowance { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }
    public int Priority { get; init; }
    public DateTimeOffset ReservedAt { get; init; }

    /// <summary>When an unconfirmed reservation lapses.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>One line of the ledger: what happened, why, and by how much it moved the bucket. Lines are only ever added.</summary>
public sealed class LedgerEntry
{
    public long Id { get; init; }
    public Guid UserId { get; init; }
    public Guid? ReservationId { get; init; }

    /// <summary><c>reserve</c>, <c>confirm</c>, <c>commit</c>, <c>release</c>, <c>expire</c>, <c>grant</c> or <c>tombstone</c>.</summary>
    public required string Kind { get; init; }
    public required string Cause { get; init; }
    public Allowance? Allowance { get; init; }
    public DateTimeOffset? PeriodStart { get; init; }

    /// <summary>Change of the units reserved, used and granted.</summary>
    public int Reserved { get; init; }
    public int Used { get; init; }
    public int Granted { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class BucketTable : IEntityTypeConfiguration<Bucket>
{
    public void Configure(EntityTypeBuilder<Bucket> table)
    {
        table.ToTable("buckets").HasKey(b => new { b.UserId, b.Allowance, b.PeriodStart });
        table.Property(b => b.Allowance).HasConversion<short>();
    }
}

internal sealed class ReservationTable : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> table)
    {
        table.ToTable("reservations");
        table.Property(r => r.Id).ValueGeneratedNever();
        table.Property(r => r.Tier).HasConversion<short?>();
        table.Property(r => r.Allowance).HasConversion<short?>();
        // Few rows at a time: what may lapse, and what waits for its generation to end.
        table.HasIndex(r => r.ExpiresAt).HasFilter("state = 'reserved'");
        table.HasIndex(r => r.ConfirmedAt).HasFilter("state = 'confirmed'");
    }
}

internal sealed class LedgerTable : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> table)
    {
        table.ToTable("ledger");
        table.Property(e => e.Id).UseIdentityAlwaysColumn();
        table.Property(e => e.Allowance).HasConversion<short?>();
        table.HasIndex(e => new { e.UserId, e.At });
        // Lines come in the order of time: a few pages tell which blocks hold a day.
        table.HasIndex(e => e.At).HasMethod("brin");
    }
}
