using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Accounts;

/// <summary>
/// An account that is gone. The row stays, a number that leads to nobody: what another service tells of the member later, however late, is
/// not kept.
/// </summary>
internal sealed class DeletedAccount
{
    public Guid UserId { get; init; }
    public DateTimeOffset DeletedAt { get; init; }

    /// <summary>Since when nothing is left of it here; null while its tracks are being removed.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

internal sealed class DeletedAccountTable : IEntityTypeConfiguration<DeletedAccount>
{
    public void Configure(EntityTypeBuilder<DeletedAccount> table)
    {
        table.ToTable("deleted_accounts").HasKey(a => a.UserId);
        table.Property(a => a.UserId).ValueGeneratedNever();
        table.HasIndex(a => a.DeletedAt).HasFilter("finished_at IS NULL").HasDatabaseName("ix_deleted_accounts_to_remove");
    }
}
