using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Profile.Follows;

/// <summary>A member follows another one.</summary>
internal sealed class Follow
{
    public Guid FollowerId { get; init; }
    public Guid FolloweeId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class FollowTable : IEntityTypeConfiguration<Follow>
{
    public void Configure(EntityTypeBuilder<Follow> table)
    {
        table.ToTable("follows").HasKey(f => new { f.FollowerId, f.FolloweeId });
        table.HasIndex(f => new { f.FolloweeId, f.CreatedAt, f.FollowerId }).HasDatabaseName("ix_follows_followers");
        table.HasIndex(f => new { f.FollowerId, f.CreatedAt, f.FolloweeId }).HasDatabaseName("ix_follows_following");
    }
}
