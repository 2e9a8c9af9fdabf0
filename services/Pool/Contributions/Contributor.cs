using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Pool.Contributions;

/// <summary>The accumulator's counters of one member. Its row is the lock that puts a member's completions in line.</summary>
internal sealed class Contributor
{
    public Guid UserId { get; init; }
    public long Completed { get; init; }
    public long Contributed { get; init; }
}

/// <summary>A completed generation, as far as the pool needs to know it.</summary>
internal sealed class Creation
{
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

    /// <summary>Null when the track was withdrawn before its completion was heard of.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
    public bool Contributed { get; init; }

    /// <summary>Deleted, or about to be: it can't be contributed any more.</summary>
    public bool Withdrawn { get; init; }
}

internal sealed class ContributionTables : IEntityTypeConfiguration<Contributor>, IEntityTypeConfiguration<Creation>
{
    public void Configure(EntityTypeBuilder<Contributor> builder) => builder.ToTable("contributors").HasKey(c => c.UserId);

    public void Configure(EntityTypeBuilder<Creation> builder)
    {
        builder.ToTable("creations").HasKey(c => c.GenerationId);
        builder.Property(c => c.Allowance).HasConversion<string>();
        builder.Property(c => c.Quality).HasConversion<string>();
        // The newest completed one that can still be contributed.
        builder.HasIndex(c => new { c.UserId, c.CompletedAt }).HasFilter("allowance = 'Paid' AND NOT contributed AND NOT withdrawn");
    }
}
