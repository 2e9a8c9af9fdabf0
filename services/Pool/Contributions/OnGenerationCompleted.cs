using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Contributions;

/// <summary>Takes note of a finished track, counts it once, and contributes what the accumulator says is due.</summary>
internal sealed class OnGenerationCompleted(PoolDb db, TimeProvider clock) : IHandle<GenerationCompleted>
{
    public async Task<Event[]> HandleAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        // Of who is gone nothing is counted, and no counter is made.
        var counts = message.Allowance == Allowance.Paid && !await IsGoneAsync(message.UserId, cancellationToken);
        // The member first, then the track: the order in which everything here locks.
        if (counts)
            await connection.LockMemberAsync(message.UserId, completions: 0, cancellationToken);
        var isFirst = await StoreAsync(message, cancellationToken);
        if (!isFirst || !counts)
            return [];

        var (completed, contributed) = await connection.LockMemberAsync(message.UserId, completions: 1, cancellationToken);
        var events = new List<Event>();
        for (var due = Accumulator.Due(completed, contributed); due > 0; due--)
        {
            if (await connection.LockDueTrackAsync(message.UserId, message.GenerationId, cancellationToken) is not { } track)
                break;
            events.Add(new TrackContributed
            {
                GenerationId = track.GenerationId,
                UserId = track.UserId,
                Automatic = true,
                Points = Points.Of(track.Quality!.Value),
                Sequence = await connection.EnterAsync(track, automatic: true, clock.GetUtcNow(), cancellationToken),
            });
            await db.Database.ExecuteSqlAsync($"UPDATE contributors SET contributed = contributed + 1 WHERE user_id = {message.UserId}",
                cancellationToken);
        }

        return [.. events];
    }

    /// <summary>
    /// False when this completion is known already; what an event published anew adds is stored all the same. Two deliveries of one
    /// completion meet at the row, and the second finds it completed. A deleted track gets back nothing that tells what it was.
    /// </summary>
    private async Task<bool> StoreAsync(GenerationCompleted m, CancellationToken cancellationToken)
    {
        var known = await db.Database.SqlQuery<bool>(
            $"""
            INSERT INTO tracks AS t (generation_id, user_id) VALUES ({m.GenerationId}, {m.UserId})
            ON CONFLICT (generation_id) DO UPDATE SET user_id = excluded.user_id
            RETURNING t.completed_at IS NOT NULL AS "Value"
            """).ToListAsync(cancellationToken);
        var (palette, peaks) = (m.Palette.ToArray(), m.Peaks.Select(p => (short)Math.Clamp(p, 0, 100)).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET
                allowance = {m.Allowance.ToString()}, quality = {m.Quality.ToString()}, genre = {m.Genre}, mood = {m.Mood},
                    tempo = {m.Tempo}, key = {m.Key},
                duration_seconds = {m.DurationSeconds}, parent_id = {m.ParentId}, completed_at = COALESCE(completed_at, {m.OccurredAt}),
                palette = CASE WHEN cardinality({palette}) > 0 AND NOT deleted THEN {palette} ELSE palette END,
                peaks = CASE WHEN cardinality({peaks}) > 0 AND NOT deleted THEN {peaks} ELSE peaks END,
                title = CASE WHEN (title IS NULL OR sequence <= {m.Sequence}) AND NOT deleted THEN {m.Title} ELSE title END,
                visibility = CASE WHEN visibility IS NULL OR sequence <= {m.Sequence} THEN {m.Visibility.ToString()} ELSE visibility END,
                sequence = greatest(sequence, {m.Sequence})
            WHERE generation_id = {m.GenerationId}
            """,
            cancellationToken);
        return !known[0];
    }

    private async Task<bool> IsGoneAsync(Guid user, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<bool>($"SELECT deleted AS \"Value\" FROM members WHERE user_id = {user}")
            .ToListAsync(cancellationToken)) is [true];
}
