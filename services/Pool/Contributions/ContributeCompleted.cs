using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Contributions;

/// <summary>Counts a completed generation, and contributes what the accumulator says is due.</summary>
internal sealed class ContributeCompleted(PoolDb db, TimeProvider clock) : IHandle<GenerationCompleted>
{
    public async Task<Event[]> HandleAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        if (!await StoreAsync(message, cancellationToken) || message.Allowance != Allowance.Paid)
            return [];

        var counters = await db.Set<Contributor>().FromSql(
            $"""
            INSERT INTO contributors AS c (user_id, completed, contributed) VALUES ({message.UserId}, 1, 0)
            ON CONFLICT (user_id) DO UPDATE SET completed = c.completed + 1
            RETURNING c.user_id, c.completed, c.contributed
            """).AsNoTracking().ToListAsync(cancellationToken);
        var contributed = new List<Event>();
        for (var due = Accumulator.Due(counters[0].Completed, counters[0].Contributed); due > 0; due--)
        {
            if (await TakeAsync(message, cancellationToken) is not { } creation)
                break;
            contributed.Add(Contribute(creation));
            await db.Database.ExecuteSqlAsync($"UPDATE contributors SET contributed = contributed + 1 WHERE user_id = {message.UserId}", cancellationToken);
        }

        return [.. contributed];
    }

    /// <summary>False when this completion is known already.</summary>
    private async Task<bool> StoreAsync(GenerationCompleted m, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO creations AS c
                (generation_id, user_id, allowance, quality, title, genre, mood, tempo, key, duration_seconds, completed_at, contributed, withdrawn)
            VALUES ({m.GenerationId}, {m.UserId}, {m.Allowance.ToString()}, {m.Quality.ToString()}, {m.Title}, {m.Genre}, {m.Mood}, {m.Tempo}, {m.Key},
                {m.DurationSeconds}, {m.OccurredAt}, false, false)
            ON CONFLICT (generation_id) DO UPDATE SET
                allowance = excluded.allowance, quality = excluded.quality, title = excluded.title, genre = excluded.genre, mood = excluded.mood,
                tempo = excluded.tempo, key = excluded.key, duration_seconds = excluded.duration_seconds, completed_at = excluded.completed_at
            WHERE c.completed_at IS NULL
            """,
            cancellationToken) == 1;

    /// <summary>The track that crossed the threshold; if it is contributed or withdrawn already, the newest one that is neither.</summary>
    private async Task<Creation?> TakeAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        var taken = await db.Set<Creation>().FromSql(
            $"""
            UPDATE creations SET contributed = true
            WHERE generation_id = (
                SELECT generation_id FROM creations
                WHERE user_id = {message.UserId} AND allowance = 'Paid' AND NOT contributed AND NOT withdrawn AND completed_at IS NOT NULL
                ORDER BY generation_id = {message.GenerationId} DESC, completed_at DESC, generation_id DESC
                LIMIT 1 FOR UPDATE)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return taken.SingleOrDefault();
    }

    private TrackContributed Contribute(Creation creation)
    {
        var track = Track.Of(creation, automatic: true, clock.GetUtcNow());
        db.Add(track);
        return new TrackContributed
        {
            GenerationId = track.GenerationId,
            UserId = track.UserId,
            Automatic = true,
            Points = track.Points,
            Sequence = 1,
        };
    }
}
