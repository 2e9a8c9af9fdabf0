using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Pool.Likes;

/// <summary>A member likes a track, in the pool or not.</summary>
internal sealed class Like
{
    public Guid GenerationId { get; init; }
    public Guid UserId { get; init; }
    public DateTimeOffset LikedAt { get; init; }

    /// <summary>When it begins to count in the ranking: the account is a day old then.</summary>
    public DateTimeOffset CountsFrom { get; init; }

    /// <summary>Whether it is in the track's ranked likes.</summary>
    public bool Counted { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Like>
    {
        public void Configure(EntityTypeBuilder<Like> builder)
        {
            builder.ToTable("likes").HasKey(l => new { l.GenerationId, l.UserId });
            builder.HasIndex(l => l.UserId).HasDatabaseName("ix_likes_user");
            builder.HasIndex(l => l.LikedAt).HasDatabaseName("ix_likes_liked_at");
            builder.HasIndex(l => l.CountsFrom).HasFilter("NOT counted").HasDatabaseName("ix_likes_uncounted");
        }
    }
}

/// <summary>When a member last counted as a listener of a track.</summary>
internal sealed class Play
{
    public Guid GenerationId { get; init; }
    public Guid UserId { get; init; }
    public DateTimeOffset CountedAt { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Play>
    {
        public void Configure(EntityTypeBuilder<Play> builder)
        {
            builder.ToTable("plays").HasKey(p => new { p.GenerationId, p.UserId });
            builder.HasIndex(p => p.UserId).HasDatabaseName("ix_plays_user");
        }
    }
}

/// <summary>Which likes count in the ranking.</summary>
internal static class AccountAge
{
    /// <summary>A like of an account younger than this does not count yet.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromDays(1);

    /// <summary>From when on an account's likes count. Its id, a UUIDv7, says when it was made, so nothing has to be heard of it; any other
    /// id counts from a day after now.</summary>
    public static DateTimeOffset LikesCountFrom(Guid user, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        user.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        var isVersion7 = bytes[6] >> 4 == 7;
        return isVersion7 && milliseconds <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) + Least
            : now + Least;
    }
}
