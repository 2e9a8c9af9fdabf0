using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Notifications;

/// <summary>What a notification is about.</summary>
/// <param name="Id">Of the track or other thing.</param>
/// <param name="Title">Its name, where the event tells it.</param>
/// <param name="Detail">A reason, a badge.</param>
internal sealed record Subject(Guid? Id, string? Title = null, string? Detail = null)
{
    /// <summary>Who did it.</summary>
    public Guid? Actor { get; init; }

    /// <summary>The comment that is told of: its text is not kept, but read with the notification.</summary>
    public Guid? Comment { get; init; }
}

/// <summary>Tells members things, in the transaction of what happened.</summary>
/// <remarks>
/// The member's position is one row, taken for the rest of the transaction: notifications of one member become visible in the order of their positions,
/// so that a stream that has seen one has missed none before it. Open streams are woken by <c>NOTIFY</c> at commit, on whichever replica they are.
/// </remarks>
internal sealed class Notifier(ProfileDb db)
{
    /// <summary>The channel that tells whose notifications changed.</summary>
    public const string Channel = "member_notifications";

    private const int MostActors = 100;

    // The first like is pushed at once; a hundred more are not a hundred pushes.
    private static readonly TimeSpan GrownPushDelay = TimeSpan.FromMinutes(10);

    // $1 account, $2 kind, $3 group, $4 id, $5 subject, $6 title, $7 detail, $8 actors, $9 at, $10 most actors, $11 until a grown group is pushed again, $12 comment
    private const string Tell =
        """
        WITH wanted AS (
            SELECT id FROM accounts WHERE id = $1 AND NOT EXISTS (SELECT FROM notification_preferences WHERE account_id = $1 AND muted @> ARRAY[$2])),
        place AS (
            INSERT INTO notification_positions AS p (account_id, position) SELECT id, 1 FROM wanted
            ON CONFLICT (account_id) DO UPDATE SET position = p.position + 1 RETURNING position),
        told AS (
            INSERT INTO notifications AS n (id, account_id, kind, group_key, subject_id, title, detail, actors, actor_count, position, created_at, updated_at, comment_id)
            SELECT $4, $1, $2, $3, $5, $6, $7, $8, cardinality($8), position, $9, $9, $12 FROM place
            ON CONFLICT (account_id, group_key) WHERE read_at IS NULL DO UPDATE SET
                position = excluded.position,
                updated_at = greatest(n.updated_at, excluded.updated_at),
                title = coalesce(excluded.title, n.title),
                detail = coalesce(excluded.detail, n.detail),
                comment_id = excluded.comment_id,
                actor_count = n.actor_count + CASE WHEN excluded.actors <@ n.actors THEN 0 ELSE 1 END,
                actors = CASE WHEN excluded.actors <@ n.actors THEN n.actors ELSE (excluded.actors || n.actors)[1:$10] END
            RETURNING id, account_id, position, xmax = 0 AS is_new),
        pushed AS (
            INSERT INTO pending_pushes AS p (notification_id, subscription_id, position, attempts, next_attempt_at)
            SELECT n.id, s.id, n.position, 0, $9 + CASE WHEN n.is_new THEN interval '0' ELSE $11 END FROM told n JOIN push_subscriptions s USING (account_id)
            ON CONFLICT (notification_id, subscription_id) DO UPDATE SET position = excluded.position)
        SELECT pg_notify('member_notifications', account_id::text) FROM told
        """;

    /// <summary>Tells <paramref name="account"/>, unless it is gone, does not want to hear of this kind, or did it itself.</summary>
    public async Task TellAsync(Guid account, NotificationKind kind, Subject subject, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (subject.Actor == account)
            return;
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Tell, (NpgsqlConnection)db.Database.GetDbConnection());
        Guid[] actors = subject.Actor is { } actor ? [actor] : [];
        foreach (var value in (object[])[account, kind.ToString(), GroupOf(kind, subject), Guid.CreateVersion7(at)])
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = (object?)subject.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)subject.Title ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)subject.Detail ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var value in (object[])[actors, at, MostActors, GrownPushDelay])
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = (object?)subject.Comment ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>What others do to one thing is told together; everything else by itself.</summary>
    private static string GroupOf(NotificationKind kind, Subject subject) => kind switch
    {
        NotificationKind.Followed => "followed",
        NotificationKind.TrackLiked or NotificationKind.TrackCommented => $"{kind}:{subject.Id}",
        _ => $"{kind}:{Guid.CreateVersion7()}",
    };
}
