using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Tracks;

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

    /// <summary>What it sounds like, in 32 numbers; empty where it was not measured.</summary>
    public float[] Features { get; init; } = [];
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

    /// <summary>Null when nobody has, or they are gone.</summary>
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

internal sealed class TrackTable : IEntityTypeConfiguration<Track>
{
    private const string AudibleSql = "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility <> 'Private' OR contributed)";
    private const string ListedSql = "completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (visibility = 'Public' OR contributed)";

    public void Configure(EntityTypeBuilder<Track> table)
    {
        table.ToTable("tracks").HasKey(t => t.GenerationId);
        table.Property(t => t.Visibility).HasConversion<string>();
        table.Property(t => t.Quality).HasConversion<string>();
        table.Property(t => t.Features).HasDefaultValueSql("'{}'");
        table.Property(t => t.Audible).HasComputedColumnSql(AudibleSql, stored: true);
        table.Property(t => t.Listed).HasComputedColumnSql(ListedSql, stored: true);
        table.HasIndex(t => new { t.OwnerId, t.CompletedAt, t.GenerationId }).HasFilter("listed").HasDatabaseName("ix_tracks_listed_by_owner");
        table.HasIndex(t => t.OwnerId).HasDatabaseName("ix_tracks_owner_id");
        table.HasIndex(t => t.ClaimedBy).HasFilter("claimed_by IS NOT NULL").HasDatabaseName("ix_tracks_claimed_by");
    }
}
