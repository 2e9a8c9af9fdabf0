using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Generations;

/// <param name="Position">1 is next.</param>
/// <param name="EstimateSeconds">Until it starts; a guess from what the last ones took.</param>
internal sealed record QueueView(int Position, int EstimateSeconds);

/// <summary>What stands before a job, and how fast the queue moves.</summary>
/// <param name="Ahead">Jobs that are served before it.</param>
/// <param name="Slots">Jobs that are made at a time.</param>
/// <param name="Seconds">What one takes.</param>
internal sealed record QueueEstimate(long Ahead, long Slots, double Seconds)
{
    /// <summary>The place behind <paramref name="further"/> more jobs of the same member.</summary>
    public QueueView After(int further) => new((int)Ahead + further + 1, (int)Math.Ceiling((Ahead + further) / (double)Slots * Seconds));
}

/// <summary>Guesses when waiting jobs start. Never part of a transaction: a guess may be a little old.</summary>
internal sealed class QueueEstimates(GenerationDb db, JobOptions jobs)
{
    /// <summary>Of a waiting job.</summary>
    public Task<QueueEstimate> OfAsync(Track track) => ReadAsync(
        $"""
        SELECT (SELECT count(*) FROM tracks q WHERE q.status = 'queued'
                AND (q.priority > {track.Priority}
                    OR (q.priority = {track.Priority} AND (q.turn, q.id) < ({track.Turn}, {track.Id})))) AS ahead,
            (SELECT COALESCE(sum(slots), 0) FROM workers WHERE seen_at > now() - {WorkerRow.Lifetime}) AS slots,
            (SELECT COALESCE(avg(extract(epoch FROM d.took)), 0)::float8 FROM (
                SELECT finished_at - started_at AS took FROM tracks WHERE status = 'completed'
                ORDER BY finished_at DESC LIMIT 20) d) AS seconds
        """);

    /// <summary>Of the job that a member is about to add.</summary>
    public Task<QueueEstimate> OfNextAsync(Guid user, int priority) => ReadAsync(
        $"""
        SELECT (SELECT count(*) FROM tracks q WHERE q.status = 'queued'
                AND (q.priority > {priority} OR (q.priority = {priority} AND q.turn <= GREATEST(
                COALESCE((SELECT max(turn) + 1 FROM tracks WHERE status = 'queued' AND user_id = {user}), 0),
                COALESCE((SELECT min(turn) FROM tracks WHERE status = 'queued' AND priority = {priority}), 0))))) AS ahead,
            (SELECT COALESCE(sum(slots), 0) FROM workers WHERE seen_at > now() - {WorkerRow.Lifetime}) AS slots,
            (SELECT COALESCE(avg(extract(epoch FROM d.took)), 0)::float8 FROM (
                SELECT finished_at - started_at AS took FROM tracks WHERE status = 'completed'
                ORDER BY finished_at DESC LIMIT 20) d) AS seconds
        """);

    private async Task<QueueEstimate> ReadAsync(FormattableString sql)
    {
        var read = (await db.Database.SqlQuery<QueueEstimate>(sql).ToListAsync())[0];
        return read with
        {
            Slots = Math.Max(read.Slots, jobs.Workers > 0 ? jobs.Workers : 1),
            Seconds = read.Seconds > 0 ? read.Seconds : jobs.TypicalSeconds,
        };
    }
}
