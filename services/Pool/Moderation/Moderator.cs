using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Pool.Moderation;

/// <summary>Takes tracks of the pool out of sight and brings them back.</summary>
/// <remarks>
/// Generation owns whether a track is hidden: it is asked by <see cref="ModerateTrack"/> and tells everybody. The pool's own lists don't
/// wait for that; what generation tells comes with a sequence and has the last word.
/// </remarks>
internal sealed class Moderator(PoolDb db, NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    /// <exception cref="ProblemException">404 when it is not in the pool.</exception>
    public async Task RequireInPoolAsync(Guid track, CancellationToken cancellationToken)
    {
        if (!await db.Set<Track>().AnyAsync(t => t.GenerationId == track && t.ContributedAt != null && !t.Deleted, cancellationToken))
            throw Problem.NotFound("track in the pool");
    }

    /// <exception cref="ProblemException">404 when it is not in the pool.</exception>
    public async Task<ModerationView> ModerateAsync(
        Guid track, Guid moderator, bool hidden, string? reason, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var owners = await db.Database.SqlQuery<Guid>(
            $"""
            SELECT user_id AS "Value" FROM tracks WHERE generation_id = {track} AND contributed_at IS NOT NULL AND NOT deleted FOR UPDATE
            """).ToListAsync(cancellationToken);
        if (owners is not [var owner])
            throw Problem.NotFound("track in the pool");
        var now = clock.GetUtcNow();
        var kept = hidden ? reason : null;
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET hidden = {hidden}, hidden_reason = {kept} WHERE generation_id = {track}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO ranking_changes (user_id) VALUES ({owner})", cancellationToken);
        db.Add(new ModerationEntry
        {
            Id = Guid.CreateVersion7(now),
            GenerationId = track,
            OperatorId = moderator,
            Hidden = hidden,
            Reason = reason,
            At = now
        });
        outbox.Publish(new ModerateTrack { GenerationId = track, Hidden = hidden, Reason = reason ?? "restored", DecidedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ModerationView(track, hidden, kept);
    }

    /// <summary>Hidden tracks of the pool, by the generation's id, newest first.</summary>
    public async Task<Page<HiddenTrack>> ListHiddenAsync(PageQuery page, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            $"""
            SELECT {TrackCard.Columns("NULL")}, t.hidden_reason FROM tracks AS t {TrackCard.Join}
            WHERE t.hidden AND t.contributed_at IS NOT NULL AND NOT t.deleted AND ($1::uuid IS NULL OR t.generation_id < $1)
            ORDER BY t.generation_id DESC LIMIT $2
            """,
            [page.After<Guid>(), page.Limit + 1],
            row => new HiddenTrack(TrackCard.Read(row, null), row.Nullable<string>(22)), cancellationToken);
        return Page<HiddenTrack>.Of(rows, page, hidden => hidden.Track.GenerationId);
    }
}
