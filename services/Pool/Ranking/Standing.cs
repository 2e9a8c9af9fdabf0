using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Pool.Ranking;

/// <summary>A contributor's score in one period, kept for ever: past weeks stay readable.</summary>
internal sealed class Standing
{
    public required string Timeframe { get; init; }
    public DateOnly StartsOn { get; init; }
    public Guid UserId { get; init; }
    public long Points { get; init; }
    public long Likes { get; init; }

    /// <summary>The earliest contribution in the period.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>The text of <see cref="Score"/> by which the period is ordered; null when there is nothing to rank.</summary>
    public string? SortKey { get; init; }

    /// <summary>Counts the changes, so that an older one never overwrites a newer one in Redis.</summary>
    public long Version { get; init; }

    internal sealed class Table
        : IEntityTypeConfiguration<Standing>, IEntityTypeConfiguration<Leaders>, IEntityTypeConfiguration<RankingChange>
    {
        public void Configure(EntityTypeBuilder<Standing> builder)
        {
            builder.ToTable("standings").HasKey(s => new { s.Timeframe, s.StartsOn, s.UserId });
            builder.Property(s => s.SortKey).UseCollation("C");
            builder.HasIndex(s => new { s.Timeframe, s.StartsOn, s.SortKey }).HasFilter("sort_key IS NOT NULL")
                .HasDatabaseName("ix_standings_order");
            builder.HasIndex(s => s.UserId).HasDatabaseName("ix_standings_user");
        }

        public void Configure(EntityTypeBuilder<Leaders> builder) =>
            builder.ToTable("leaders").HasKey(l => new { l.Timeframe, l.StartsOn });

        public void Configure(EntityTypeBuilder<RankingChange> builder) => builder.ToTable("ranking_changes").HasKey(c => c.Id);
    }
}

/// <summary>Who was told to hold the first places of a period.</summary>
internal sealed class Leaders
{
    public required string Timeframe { get; init; }
    public DateOnly StartsOn { get; init; }

    /// <summary>The first ten.</summary>
    public Guid[] Users { get; init; } = [];
}

/// <summary>A member whose standings are to be counted anew.</summary>
internal sealed class RankingChange
{
    public long Id { get; init; }
    public Guid UserId { get; init; }
}

/// <summary>A place's worth, and the text that orders it.</summary>
/// <remarks>
/// Points, then likes, then the earliest contribution in the period, then id. Written with fixed widths, the greatest first, so that plain
/// text order (of an index, of a Redis sorted set of equal scores) is the order of the ranking, ties included. The text is made in one
/// place, <see cref="Sql"/>, and read in one, <see cref="Parse"/>.
/// </remarks>
internal sealed record Score(long Points, long Likes, DateTimeOffset FirstAt, Guid UserId)
{
    private const long Most = 9_999_999_999;
    private const int Number = 10;
    private const int Instant = 17;

    /// <summary>The key of the columns points, likes, first_at and user_id of a source.</summary>
    public static string Sql(string of) =>
        $"lpad(({Most} - {of}.points)::text, {Number}, '0') || lpad(({Most} - {of}.likes)::text, {Number}, '0') || "
        + $"lpad((extract(epoch FROM {of}.first_at) * 1000000)::bigint::text, {Instant}, '0') || {of}.user_id::text";

    public static Score Parse(string key) => new(
        Most - long.Parse(key.AsSpan(0, Number), CultureInfo.InvariantCulture),
        Most - long.Parse(key.AsSpan(Number, Number), CultureInfo.InvariantCulture),
        DateTimeOffset.UnixEpoch.AddMicroseconds(long.Parse(key.AsSpan(2 * Number, Instant), CultureInfo.InvariantCulture)),
        Guid.Parse(key.AsSpan((2 * Number) + Instant)));
}
