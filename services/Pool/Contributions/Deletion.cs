using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Contributions;

/// <summary>Whether a track may be deleted.</summary>
internal static class DeletionRule
{
    /// <summary>
    /// The slug of the refusal, or null: a claimed track never, for others hold licensed copies of it; one that the accumulator contributed
    /// not before it is swapped. What was contributed by hand and is unclaimed may go, and its points with it.
    /// </summary>
    public static string? Refusal(Candidate track) => track switch
    {
        { ContributedAt: null } => null,
        { Claimed: true } => "claimed",
        { Automatic: true } => "owed-to-pool",
        _ => null,
    };
}

/// <summary>Decides whether a track may be deleted. A yes withdraws it in the same transaction, so that it can't be contributed or claimed
/// after.</summary>
internal sealed class DecideDeletion(PoolDb db) : IAnswer<MayDelete, DeletionDecision>
{
    public async Task<DeletionDecision> AnswerAsync(MayDelete question, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var track = await connection.LockForRemovalAsync(question.GenerationId, question.UserId, cancellationToken);
        var denial = DeletionRule.Refusal(track);
        if (denial is null)
        {
            await db.Database.ExecuteSqlAsync($"UPDATE tracks SET withdrawn = true WHERE generation_id = {question.GenerationId}",
                cancellationToken);
            if (track.ContributedAt is not null)
                await connection.LeaveAsync(track, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new DeletionDecision { GenerationId = question.GenerationId, Allowed = denial is null, Denial = denial };
    }
}

/// <summary>A deleted track is in no list and can't be contributed, also when its completion is heard of later.</summary>
/// <remarks>Its files are gone whatever the pool thought of it; an automatic contribution that went with it is owed again.</remarks>
internal sealed class OnGenerationDeleted(PoolDb db) : IHandle<GenerationDeleted>
{
    public async Task<Event[]> HandleAsync(GenerationDeleted message, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var track = await connection.LockForRemovalAsync(message.GenerationId, message.UserId, cancellationToken);
        // A tombstone says nothing about what it was; that of a claimed track still has to name the claimer's copy.
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET deleted = true, title = CASE WHEN claimed_at IS NOT NULL THEN title END,
                palette = CASE WHEN claimed_at IS NOT NULL THEN palette ELSE ARRAY[]::text[] END,
                peaks = CASE WHEN claimed_at IS NOT NULL THEN peaks ELSE ARRAY[]::smallint[] END
            WHERE generation_id = {message.GenerationId}
            """,
            cancellationToken);
        if (track is { ContributedAt: not null, Claimed: false })
        {
            await connection.LeaveAsync(track, cancellationToken);
            if (track.Automatic)
                await db.Database.ExecuteSqlAsync($"UPDATE contributors SET contributed = contributed - 1 WHERE user_id = {track.UserId}",
                    cancellationToken);
        }

        // The row was made as a lock; of an account that is gone nothing is counted any more.
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM contributors WHERE user_id = {track.UserId} AND EXISTS (SELECT FROM members WHERE user_id = {track.UserId} AND deleted)",
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO ranking_changes (user_id) VALUES ({track.UserId})", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO erasures (id, kind) VALUES ({message.GenerationId}, {Erasure.Track}) ON CONFLICT DO NOTHING", cancellationToken);
        return [];
    }
}

internal static class Removal
{
    /// <summary>Locks the member, then the track, which gets a row if there was none: what is not heard of yet can be withdrawn,
    /// too.</summary>
    public static async Task<Candidate> LockForRemovalAsync(
        this NpgsqlConnection connection, Guid generation, Guid user, CancellationToken cancellationToken)
    {
        await connection.LockMemberAsync(user, completions: 0, cancellationToken);
        await using var insert = connection.Command("INSERT INTO tracks (generation_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            generation, user);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return (await connection.LockTrackAsync(generation, cancellationToken))!;
    }
}
