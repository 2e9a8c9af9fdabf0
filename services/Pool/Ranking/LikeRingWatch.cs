using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Pool.Ranking;

/// <summary>A ring that was found, as operators see it.</summary>
internal sealed class FlaggedRing
{
    public Guid Id { get; init; }
    public Guid[] Members { get; init; } = [];
    public int Likes { get; init; }
    public DateTimeOffset FoundAt { get; init; }
    public DateTimeOffset LastSeenAt { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<FlaggedRing>
    {
        public void Configure(EntityTypeBuilder<FlaggedRing> builder)
        {
            builder.ToTable("like_rings").HasKey(r => r.Id);
            builder.HasIndex(r => r.Members).IsUnique().HasDatabaseName("ix_like_rings_members");
        }
    }
}

/// <param name="Likes">That went around in the ring within the last weeks.</param>
internal sealed record LikeRingView(
    Guid Id, IReadOnlyList<RingMember> Members, int Likes, DateTimeOffset FoundAt, DateTimeOffset LastSeenAt);

internal sealed record RingMember(Guid UserId, Artist Artist);

/// <summary>Looks every hour for rings in the likes that contributed tracks got lately, and keeps what it finds for operators.</summary>
internal sealed class LikeRingWatch(
    NpgsqlDataSource database, TimeProvider clock, ILogger<LikeRingWatch> log) : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(14);

    protected override Task RunAsync(CancellationToken cancellationToken) => FlagAsync(cancellationToken);

    internal async Task FlagAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var edges = await database.ReadAsync(
            """
            SELECT l.user_id, t.user_id, count(*)::int FROM likes AS l JOIN tracks AS t USING (generation_id)
            WHERE l.liked_at > $1 AND t.contributed_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM members AS m WHERE m.user_id IN (l.user_id, t.user_id) AND m.deleted)
            GROUP BY l.user_id, t.user_id
            """,
            [now - Window], row => new LikeEdge(row.GetGuid(0), row.GetGuid(1), row.GetInt32(2)), cancellationToken);
        foreach (var ring in LikeRings.Find(edges))
        {
            await database.ExecuteAsync(
                """
                INSERT INTO like_rings (id, members, likes, found_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)
                ON CONFLICT (members) DO UPDATE SET likes = excluded.likes, last_seen_at = excluded.last_seen_at
                """,
                [Guid.CreateVersion7(now), ring.Members.ToArray(), ring.Likes, now], cancellationToken);
        }
    }

    public async Task<Page<LikeRingView>> ReadAsync(PageQuery page, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            "SELECT id, members, likes, found_at, last_seen_at FROM like_rings WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2",
            [page.After<Guid>(), page.Limit + 1],
            row => (Id: row.GetGuid(0), Members: row.GetFieldValue<Guid[]>(1), Likes: row.GetInt32(2),
            FoundAt: row.GetFieldValue<DateTimeOffset>(3), LastSeenAt: row.GetFieldValue<DateTimeOffset>(4)),
            cancellationToken);
        var artists = await Artist.FindAsync(database, [.. rows.SelectMany(r => r.Members).Distinct()], cancellationToken);
        return Page<LikeRingView>.Of(
            [.. rows.Select(r => new LikeRingView(
                r.Id, [.. r.Members.Select(m => new RingMember(m, artists.GetValueOrDefault(m) ?? Artist.Unknown))],
                r.Likes, r.FoundAt, r.LastSeenAt))],
            page, ring => ring.Id);
    }
}
