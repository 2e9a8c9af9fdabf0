using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Accounts;

/// <summary>An account whose tracks are still being removed.</summary>
internal sealed class DeletedAccount
{
    public Guid UserId { get; init; }
    public DateTimeOffset DeletedAt { get; init; }
}

internal sealed class DeletedAccountTable : IEntityTypeConfiguration<DeletedAccount>
{
    public void Configure(EntityTypeBuilder<DeletedAccount> table)
    {
        table.ToTable("deleted_accounts").HasKey(a => a.UserId);
        table.Property(a => a.UserId).ValueGeneratedNever();
    }
}
