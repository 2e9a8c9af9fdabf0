using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Profile.Accounts;

namespace Son1kVers3.Profile.Avatars;

/// <summary>A member's picture.</summary>
/// <remarks>
/// In the database, not in a folder or bucket: some 40 kB a member, read once a browser and then cached for ever. So every replica has it without a shared
/// volume, it changes in the transaction of the profile, it goes with the account, and it is in the same backup.
/// </remarks>
internal sealed class Avatar
{
    public Guid AccountId { get; init; }
    public required string Version { get; init; }

    /// <summary>WebP, 512 × 512.</summary>
    public required byte[] Large { get; init; }

    /// <summary>WebP, 96 × 96.</summary>
    public required byte[] Small { get; init; }
}

internal sealed class AvatarTable : IEntityTypeConfiguration<Avatar>
{
    public void Configure(EntityTypeBuilder<Avatar> table)
    {
        table.ToTable("avatars").HasKey(a => a.AccountId);
        table.HasOne<Account>().WithOne().HasForeignKey<Avatar>(a => a.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
