using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Pool.Tracks;

/// <summary>A finished track, in the pool or not, as far as the pool needs to know it.</summary>
/// <remarks>
/// The events of one track may come in any order, so each group of columns is written by its own kind of event: what was made by the
/// completion, title and visibility by whichever has the highest sequence, out of sight or not by whichever of its own, deleted by the
/// deletion and for good. A row may therefore exist before its completion is heard of.
/// </remarks>
internal sealed class Track
{
    /// <summary>In the pool, and everybody may see and claim it.</summary>
    private const string AvailableSql = "contributed_at IS NOT NULL AND claimed_at IS NULL AND NOT hidden AND NOT deleted";

    public Guid GenerationId { get; init; }
    public Guid UserId { get; init; }
    public Allowance? Allowance { get; init; }
    public Quality? Quality { get; init; }
    public string? Title { get; init; }
    public string? Genre { get; init; }
    public string? Mood { get; init; }
    public double? Tempo { get; init; }
    public string? Key { get; init; }
    public double? DurationSeconds { get; init; }
    public Visibility? Visibility { get; init; }
    public string[] Palette { get; init; } = [];
    public short[] Peaks { get; init; } = [];

    /// <summary>The track that it was made from, its own member's or another's; null for one made from scratch.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Null while its completion is not heard of.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Generation's sequence behind title and visibility.</summary>
    public long Sequence { get; init; }
    public bool Hidden { get; init; }
    public string? HiddenReason { get; init; }

    /// <summary>Generation's sequence behind <see cref="Hidden"/>.</summary>
    public long HiddenSequence { get; init; }
    public bool Deleted { get; init; }

    /// <summary>Its deletion was allowed: it can't be contributed any more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Since when it is in the pool; null when it is not.</summary>
    public DateTimeOffset? ContributedAt { get; init; }

    /// <summary>Contributed by the accumulator, not by hand.</summary>
    public bool Automatic { get; init; }

    /// <summary>What its contribution is worth; 0 outside the pool.</summary>
    public int Points { get; init; }

    /// <summary>Where it lies among the tracks that a claim draws from, in [0, 1).</summary>
    public double Draw { get; init; }
    public Guid? ClaimedBy { get; init; }
    public DateTimeOffset? ClaimedAt { get; init; }
    public int Likes { get; init; }

    /// <summary>Likes that count in the ranking.</summary>
    public int RankedLikes { get; init; }
    public long Plays { get; init; }

    /// <summary>Counts what the pool tells of this track: the sequence of its events.</summary>
    public long Version { get; init; }

    /// <summary>The title without accents and case.</summary>
    public string? Search { get; init; }
    public bool Available { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Track>
    {
        public void Configure(EntityTypeBuilder<Track> builder)
        {
            builder.ToTable("tracks").HasKey(t => t.GenerationId);
            builder.Property(t => t.Allowance).HasConversion<string>();
            builder.Property(t => t.Quality).HasConversion<string>();
            builder.Property(t => t.Visibility).HasConversion<string>();
            builder.Property(t => t.Palette).HasDefaultValueSql("'{}'");
            builder.Property(t => t.Peaks).HasDefaultValueSql("'{}'");
            builder.Property(t => t.Draw).HasDefaultValueSql("random()");
            foreach (var counter in (string[])[nameof(Sequence), nameof(HiddenSequence), nameof(Points), nameof(Likes), nameof(RankedLikes),
                nameof(Plays), nameof(Version)])
                builder.Property(counter).HasDefaultValue(0);
            foreach (var flag in (string[])[nameof(Hidden), nameof(Deleted), nameof(Withdrawn), nameof(Automatic)])
                builder.Property(flag).HasDefaultValue(false);
            builder.Property(t => t.Search).HasComputedColumnSql("fold(title)", stored: true);
            builder.Property(t => t.Available).HasComputedColumnSql(AvailableSql, stored: true);
            Index(builder);
        }

        private static void Index(EntityTypeBuilder<Track> builder)
        {
            const string available = "available";
            builder.HasIndex(t => new { t.ContributedAt, t.GenerationId }).IsDescending().HasFilter(available)
                .HasDatabaseName("ix_tracks_available_recent");
            builder.HasIndex(t => new { t.Likes, t.GenerationId }).IsDescending().HasFilter(available)
                .HasDatabaseName("ix_tracks_available_popular");
            builder.HasIndex(t => new { t.Points, t.GenerationId }).IsDescending().HasFilter(available)
                .HasDatabaseName("ix_tracks_available_quality");
            builder.HasIndex(t => t.Draw).HasFilter(available).HasDatabaseName("ix_tracks_available_draw");
            builder.HasIndex(t => new { t.Genre, t.ContributedAt, t.GenerationId }).IsDescending(false, true, true).HasFilter(available)
                .HasDatabaseName("ix_tracks_available_genre_recent");
            builder.HasIndex(t => new { t.Genre, t.Likes, t.GenerationId }).IsDescending(false, true, true).HasFilter(available)
                .HasDatabaseName("ix_tracks_available_genre_popular");
            builder.HasIndex(t => new { t.Genre, t.Points, t.GenerationId }).IsDescending(false, true, true).HasFilter(available)
                .HasDatabaseName("ix_tracks_available_genre_quality");
            builder.HasIndex(t => new { t.Genre, t.Draw }).HasFilter(available).HasDatabaseName("ix_tracks_available_genre_draw");
            builder.HasIndex(t => t.Search).HasMethod("gin").HasOperators("gin_trgm_ops").HasFilter(available)
                .HasDatabaseName("ix_tracks_available_search");
            builder.HasIndex(t => new { t.UserId, t.ContributedAt }).HasFilter("contributed_at IS NOT NULL")
                .HasDatabaseName("ix_tracks_contributed_user");
            // The newest completed one that can still be contributed.
            builder.HasIndex(t => new { t.UserId, t.CompletedAt }).HasFilter("contributed_at IS NULL")
                .HasDatabaseName("ix_tracks_contributable_user");
            builder.HasIndex(t => t.ContributedAt).HasFilter("contributed_at IS NOT NULL").HasDatabaseName("ix_tracks_contributed");
            builder.HasIndex(t => t.CompletedAt).HasFilter("completed_at IS NOT NULL").HasDatabaseName("ix_tracks_completed");
            builder.HasIndex(t => t.ClaimedBy).HasFilter("claimed_by IS NOT NULL").HasDatabaseName("ix_tracks_claimed_by");
            builder.HasIndex(t => t.GenerationId).HasFilter("hidden AND contributed_at IS NOT NULL").HasDatabaseName("ix_tracks_hidden");
        }
    }
}
