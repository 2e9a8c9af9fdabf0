using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;

namespace Son1kVers3.Pool.Contributions;

/// <summary>A track's facts that decide whether it may enter or leave the pool.</summary>
internal sealed record Candidate(
    Guid GenerationId, Guid UserId, Quality? Quality, bool Completed, bool Hidden, bool Deleted, bool Withdrawn,
    DateTimeOffset? ContributedAt, bool Automatic, bool Claimed)
{
    /// <summary>Finished, in sight, and not about to be deleted: it can be contributed unless it is already.</summary>
    public bool IsThere => Completed && !Hidden && !Deleted && !Withdrawn;
}

/// <summary>Puts tracks into the pool and takes them out, on a connection within its transaction.</summary>
/// <remarks>
/// Whatever moves a member's tracks begins with <see cref="LockMemberAsync"/>: completions, contributions by hand and swaps of one member
/// stand in line there, so that no track is counted twice and no two swaps cross.
/// </remarks>
internal static class PoolPlaces
{
    private const string CandidateColumns =
        """
        generation_id, user_id, quality, completed_at IS NOT NULL, hidden, deleted, withdrawn, contributed_at, automatic,
        claimed_at IS NOT NULL
        """;

    public static async Task<(long Completed, long Contributed)> LockMemberAsync(
        this NpgsqlConnection connection, Guid user, int completions, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            INSERT INTO contributors AS c (user_id, completed, contributed) VALUES ($1, $2, 0)
            ON CONFLICT (user_id) DO UPDATE SET completed = c.completed + $2
            RETURNING completed, contributed
            """,
            user, (long)completions);
        return (await command.ReadAsync(row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];
    }

    /// <summary>The track, locked; null when the pool has not heard of it.</summary>
    public static async Task<Candidate?> LockTrackAsync(
        this NpgsqlConnection connection, Guid generation, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"SELECT {CandidateColumns} FROM tracks WHERE generation_id = $1 FOR UPDATE",
            generation);
        return (await command.ReadAsync(Read, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Whether a track goes back to one of somebody else, over however many remixes.</summary>
    public static async Task<bool> IsMadeFromAnotherMembersAsync(
        this NpgsqlConnection connection, Guid generation, Guid user, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            WITH RECURSIVE line (id) AS (
                SELECT parent_id FROM tracks WHERE generation_id = $1
                UNION SELECT parent_id FROM tracks JOIN line ON generation_id = line.id)
            SELECT EXISTS (SELECT FROM tracks JOIN line ON generation_id = line.id WHERE user_id <> $2)
            """,
            generation, user);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The track that crossed the threshold, if it can be contributed; else the newest one that can; null: owed to the
    /// next.</summary>
    public static async Task<Candidate?> LockDueTrackAsync(
        this NpgsqlConnection connection, Guid user, Guid crossing, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"""
            SELECT {CandidateColumns} FROM tracks
            WHERE user_id = $1 AND allowance = 'Paid' AND completed_at IS NOT NULL AND contributed_at IS NULL AND NOT hidden AND NOT deleted
                AND NOT withdrawn
            ORDER BY generation_id = $2 DESC, completed_at DESC, generation_id DESC
            LIMIT 1 FOR UPDATE
            """,
            user, crossing);
        return (await command.ReadAsync(Read, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Into the pool; returns the sequence for the event that tells of it.</summary>
    public static async Task<long> EnterAsync(
        this NpgsqlConnection connection, Candidate track, bool automatic, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            WITH queued AS (INSERT INTO ranking_changes (user_id) VALUES ($2))
            UPDATE tracks SET contributed_at = $3, automatic = $4, points = $5, version = version + 1 WHERE generation_id = $1
                RETURNING version
            """,
            track.GenerationId, track.UserId, at, automatic, Points.Of(track.Quality!.Value));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Out of the pool, with its points; its likes and plays stay with it.</summary>
    public static async Task<long> LeaveAsync(this NpgsqlConnection connection, Candidate track, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            WITH queued AS (INSERT INTO ranking_changes (user_id) VALUES ($2))
            UPDATE tracks SET contributed_at = NULL, automatic = false, points = 0, version = version + 1 WHERE generation_id = $1
                RETURNING version
            """,
            track.GenerationId, track.UserId);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static Candidate Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : Enum.Parse<Quality>(row.GetString(2)),
        row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5),
        row.GetBoolean(6), row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7), row.GetBoolean(8), row.GetBoolean(9));
}
