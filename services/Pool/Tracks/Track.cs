using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;

namespace Son1kVers3.Pool.Tracks;

/// <summary>A track in the community pool.</summary>
internal sealed class Track
{
    public Guid Id { get; init; }
    public Guid GenerationId { get; init; }
    public Guid UserId { get; init; }
    public bool Automatic { get; init; }
    public int Points { get; init; }
    public Quality Quality { get; init; }
    public required string Title { get; init; }
    public required string Genre { get; init; }
    public string? Mood { get; init; }
    public double Tempo { get; init; }
    public required string Key { get; init; }
    public double DurationSeconds { get; init; }
    public DateTimeOffset ContributedAt { get; init; }
    public int Likes { get; init; }
    public long Plays { get; init; }
    public Guid? ClaimedBy { get; init; }
    public DateTimeOffset? ClaimedAt { get; init; }
    public bool Hidden { get; init; }

    public static Track Of(Creation creation, bool automatic, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        GenerationId = creation.GenerationId,
        UserId = creation.UserId,
        Automatic = automatic,
        Points = PointsOf(creation.Quality!.Value),
        Quality = creation.Quality.Value,
        Title = creation.Title!,
        Genre = creation.Genre!,
        Mood = creation.Mood,
        Tempo = creation.Tempo!.Value,
        Key = creation.Key!,
        DurationSeconds = creation.DurationSeconds!.Value,
        ContributedAt = now,
    };

    /// <summary>What a contribution is worth: standard 1, high 2, ultra 3.</summary>
    public static int PointsOf(Quality quality) => quality switch
    {
        Quality.Standard => 1,
        Quality.High => 2,
        Quality.Ultra => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(quality)),
    };
}

internal sealed class TrackTable : IEntityTypeConfiguration<Track>
{
    public void Configure(EntityTypeBuilder<Track> builder)
    {
        const string listed = "claimed_by IS NULL AND NOT hidden";
        builder.ToTable("tracks").HasKey(t => t.Id);
        builder.Property(t => t.Quality).HasConversion<string>();
        builder.HasIndex(t => t.GenerationId).IsUnique();
        builder.HasIndex(t => new { t.Genre, t.Id }).IsDescending(false, true).HasFilter(listed).HasDatabaseName("ix_tracks_listed_genre");
        builder.HasIndex(t => t.Id).IsDescending().HasFilter(listed).HasDatabaseName("ix_tracks_listed_recent");
        builder.HasIndex(t => new { t.Likes, t.Id }).IsDescending().HasFilter(listed).HasDatabaseName("ix_tracks_listed_popular");
        builder.HasIndex(t => new { t.Points, t.Id }).IsDescending().HasFilter(listed).HasDatabaseName("ix_tracks_listed_quality");
    }
}
