using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Billing.Admin;

/// <summary>What an operator did and why, or what the service did that operators should know. Lines are only ever added.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Null: the service itself.</summary>
    public Guid? OperatorId { get; init; }
    public Guid? UserId { get; init; }

    /// <summary><c>grant</c>, <c>revoke</c>, <c>comp</c>, <c>end-comp</c>, <c>replay</c>, <c>make-prices</c> or
    /// <c>end-surplus</c>.</summary>
    public required string Action { get; init; }
    public required string Reason { get; init; }

    /// <summary>What exactly, in words.</summary>
    public required string Detail { get; init; }

    /// <summary>What a line of the service's is about: there is one of a kind for each.</summary>
    public string? Subject { get; init; }
}

/// <summary>Health of an account at a music provider, as stealth told it last.</summary>
public sealed class ProviderAccount
{
    public Guid AccountId { get; init; }
    public required string Provider { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A track in the pool, as pool told of it; counted for the dashboard.</summary>
public sealed class PoolTrack
{
    public Guid TrackId { get; init; }
    public bool Claimed { get; init; }
}

internal sealed class AuditTable : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable("audit");
        table.Property(a => a.Id).UseIdentityAlwaysColumn();
        table.HasIndex(a => new { a.UserId, a.Id });
        table.HasIndex(a => new { a.Action, a.Subject }).IsUnique().HasFilter("subject IS NOT NULL")
            .HasDatabaseName("ux_audit_action_subject");
    }
}

internal sealed class ProviderAccountTable : IEntityTypeConfiguration<ProviderAccount>
{
    public void Configure(EntityTypeBuilder<ProviderAccount> table)
    {
        table.ToTable("provider_accounts").HasKey(a => a.AccountId);
        table.Property(a => a.AccountId).ValueGeneratedNever();
    }
}

internal sealed class PoolTrackTable : IEntityTypeConfiguration<PoolTrack>
{
    public void Configure(EntityTypeBuilder<PoolTrack> table)
    {
        table.ToTable("pool_tracks").HasKey(t => t.TrackId);
        table.Property(t => t.TrackId).ValueGeneratedNever();
    }
}
