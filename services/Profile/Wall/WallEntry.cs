using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Profile.Wall;

/// <summary>A track on a member's wall: their own, or one that they claimed.</summary>
internal sealed class WallEntry
{
    public Guid AccountId { get; init; }
    public Guid GenerationId { get; init; }
    public WallKind Kind { get; init; }
    public DateTimeOffset AddedAt { get; init; }
    public bool Archived { get; init; }
    public bool Pinned { get; init; }
    public string? Description { get; init; }
}

/// <summary>What a wall entry is.</summary>
internal enum WallKind
{
    /// <summary>Made by the member.</summary>
    Music,

    /// <summary>Made by the member from another track: remix, extension, variation.</summary>
    Project,

    /// <summary>Made by another member, and claimed.</summary>
    Collab,
}

/// <summary>Who likes what: a copy of what pool tells.</summary>
internal sealed class TrackLike
{
    public Guid AccountId { get; init; }
    public Guid GenerationId { get; init; }
    public bool Liked { get; init; }
    public long Sequence { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
}

internal sealed class WallTables : IEntityTypeConfiguration<WallEntry>, IEntityTypeConfiguration<TrackLike>
{
    public void Configure(EntityTypeBuilder<WallEntry> table)
    {
        table.ToTable("wall_entries").HasKey(w => new { w.AccountId, w.GenerationId });
        table.Property(w => w.Kind).HasConversion<string>();
        table.HasIndex(w => new { w.AccountId, w.Archived, w.Pinned, w.AddedAt, w.GenerationId }).HasDatabaseName("ix_wall_entries_in_order");
    }

    public void Configure(EntityTypeBuilder<TrackLike> table)
    {
        table.ToTable("track_likes").HasKey(l => new { l.AccountId, l.GenerationId });
        table.HasIndex(l => new { l.AccountId, l.ChangedAt, l.GenerationId }).HasFilter("liked").HasDatabaseName("ix_track_likes_in_order");
    }
}
