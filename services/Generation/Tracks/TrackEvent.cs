using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Tracks;

/// <summary>A step of a job that a viewer who comes back later still gets.</summary>
internal sealed class TrackEvent
{
    public Guid TrackId { get; init; }

    /// <summary>The track's own; the event's id in the track's stream.</summary>
    public long Sequence { get; init; }
    public Guid UserId { get; init; }

    /// <summary>
    /// Counts all steps of one member without gaps, in the order of their commits; the event's id in the stream of all the member's jobs.
    /// </summary>
    public long Position { get; init; }
    public required string Kind { get; init; }

    /// <summary>JSON object.</summary>
    public required string Data { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Nothing comes after it.</summary>
    public bool EndsJob() => Kind is "completed" or "failed" or "cancelled";
}

/// <summary>
/// How many steps a member's jobs have had. Its row is locked to the end of the transaction that adds one: positions become visible in
/// their order.
/// </summary>
internal sealed class MemberPosition
{
    public Guid UserId { get; init; }
    public long Position { get; init; }
}

internal sealed class TrackEventTable : IEntityTypeConfiguration<TrackEvent>
{
    public void Configure(EntityTypeBuilder<TrackEvent> table)
    {
        table.ToTable("track_events").HasKey(e => new { e.TrackId, e.Sequence });
        table.Property(e => e.Data).HasColumnType("jsonb");
        table.HasIndex(e => new { e.UserId, e.Position }).HasDatabaseName("ix_track_events_of_member");
    }
}

internal sealed class MemberPositionTable : IEntityTypeConfiguration<MemberPosition>
{
    public void Configure(EntityTypeBuilder<MemberPosition> table)
    {
        table.ToTable("member_positions").HasKey(p => p.UserId);
        table.Property(p => p.UserId).ValueGeneratedNever();
    }
}

internal static class TrackEvents
{
    /// <summary>Adds a step in the current transaction, as its last statement: the member's next step waits for its commit.</summary>
    public static Task AddEventAsync(this GenerationDb db, Track track, string kind, object data, DateTimeOffset at)
    {
        var json = JsonSerializer.Serialize(data, JsonSerializerOptions.Web);
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH next AS (
                INSERT INTO member_positions AS known (user_id, position) VALUES ({track.UserId}, 1)
                ON CONFLICT (user_id) DO UPDATE SET position = known.position + 1 RETURNING position)
            INSERT INTO track_events (track_id, sequence, user_id, position, kind, data, at)
            SELECT {track.Id}, {track.Sequence}, {track.UserId}, position, {kind}, {json}::jsonb, {at} FROM next
            """);
    }

    /// <summary>
    /// Adds the first step of jobs that are about to be stored. Comes first in its transaction: it locks the member's row, so that what
    /// follows is read and
    /// written by one request of the member after the other.
    /// </summary>
    public static Task AddQueuedEventsAsync(this GenerationDb db, Guid user, IReadOnlyList<Guid> tracks, DateTimeOffset at)
    {
        var ids = tracks.ToArray();
        return db.Database.ExecuteSqlAsync(
            $$"""
            WITH next AS (
                INSERT INTO member_positions AS known (user_id, position) VALUES ({{user}}, {{ids.Length}})
                ON CONFLICT (user_id) DO UPDATE SET position = known.position + {{ids.Length}} RETURNING position)
            INSERT INTO track_events (track_id, sequence, user_id, position, kind, data, at)
            SELECT track.id, 1, {{user}}, position - {{ids.Length}} + track.n, 'queued', '{}', {{at}}
            FROM next, unnest({{ids}}) WITH ORDINALITY AS track (id, n)
            """);
    }
}
