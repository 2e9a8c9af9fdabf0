using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Wall;

/// <summary>What profile knows of a track, from the events of generation and pool, in whatever order they came.</summary>
/// <remarks>
/// A row may begin with any event: with a like before the track is known here. What generation says (title, visibility) goes by its sequence, what pool says
/// by its own time, so that neither overtakes the other.
/// </remarks>
internal sealed class Track
{
    public Guid GenerationId { get; init; }

    /// <summary>Null when its owner is gone, or not known yet.</summary>
    public Guid? OwnerId { get; init; }
    public string? Title { get; init; }
    public string? Genre { get; init; }
    public string? Mood { get; init; }
    public double? Tempo { get; init; }
    public string? Key { get; init; }
    public double? DurationSeconds { get; init; }
    public Quality? Quality { get; init; }
    public Guid? ParentId { get; init; }
    public string[] Palette { get; init; } = [];
    public int[] Peaks { get; init; } = [];
    public Visibility Visibility { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Of generation's events: title and visibility are as of this one.</summary>
    public long Sequence { get; init; }
    public bool Hidden { get; init; }

    /// <summary>Hidden for the one reason that also takes it from who claimed it.</summary>
    public bool Illegal { get; init; }
    public long HiddenSequence { get; init; }
    public bool Deleted { get; init; }
    public bool Contributed { get; init; }

    /// <summary>When pool last said whether it is contributed.</summary>
    public DateTimeOffset? ContributedChangedAt { get; init; }
    public Guid? ClaimedBy { get; init; }
    public int Likes { get; init; }
    public long LikesSequence { get; init; }
    public long Plays { get; init; }
    public int Comments { get; init; }

    /// <summary>Everybody who has its address may hear it.</summary>
    public bool Audible { get; init; }

    /// <summary>Everybody may find it.</summary>
    public bool Listed { get; init; }
}

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

internal sealed class WallTables : IEntityTypeConfiguration<Track>, IEntityTypeConfiguration<WallEntry>, IEntityTypeConfiguration<TrackLike>
{
    private const string AudibleSql = "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility <> 'Private' OR contributed)";
    private const string ListedSql = "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility = 'Public' OR contributed)";

    public void Configure(EntityTypeBuilder<Track> table)
    {
        table.ToTable("tracks").HasKey(t => t.GenerationId);
        table.Property(t => t.Visibility).HasConversion<string>();
        table.Property(t => t.Quality).HasConversion<string>();
        table.Property(t => t.Audible).HasComputedColumnSql(AudibleSql, stored: true);
        table.Property(t => t.Listed).HasComputedColumnSql(ListedSql, stored: true);
        table.HasIndex(t => new { t.OwnerId, t.CompletedAt, t.GenerationId }).HasFilter("listed").HasDatabaseName("ix_tracks_listed_by_owner");
        table.HasIndex(t => t.OwnerId).HasDatabaseName("ix_tracks_owner_id");
    }

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
