using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Accounts;

namespace Son1kVers3.Profile.SecondFactor;

/// <summary>The authenticator app of an account.</summary>
internal sealed class Authenticator
{
    public Guid AccountId { get; init; }

    /// <summary>The shared secret, sealed.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>Since when signing in needs it; null while it is set up.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The newest time step whose code was used: no code is good twice (RFC 6238 section 5.2).</summary>
    public long LastStep { get; set; }
}

/// <summary>Stands for the authenticator once, when it is lost.</summary>
internal sealed class RecoveryCode
{
    public Guid AccountId { get; init; }

    /// <summary>SHA-256 of the code.</summary>
    public required byte[] Hash { get; init; }
}

internal sealed class SecondFactorTables : IEntityTypeConfiguration<Authenticator>, IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<Authenticator> table)
    {
        table.ToTable("authenticators").HasKey(a => a.AccountId);
        table.HasOne<Account>().WithOne().HasForeignKey<Authenticator>(a => a.AccountId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> table)
    {
        table.ToTable("recovery_codes").HasKey(c => new { c.AccountId, c.Hash });
        table.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
