using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Pool.Likes;

/// <summary>Likes and takes likes back. The like, both counters, the ranking's news and the event are one statement: none is there without
/// the others.</summary>
internal sealed class LikeBook(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    // The parameters after those of a statement's own are the event's.
    private const int LikeEventParameter = 5;
    private const int UnlikeEventParameter = 3;

    private static readonly string LikeSql =
        $"""
        WITH track AS (SELECT generation_id, user_id, likes FROM tracks WHERE generation_id = $1 AND {Audible.To("$2")}),
        liked AS (
            INSERT INTO likes (generation_id, user_id, liked_at, counts_from, counted)
            SELECT generation_id, $2, $3, $4, $4 <= $3 FROM track WHERE user_id <> $2
            ON CONFLICT DO NOTHING RETURNING counted),
        changed AS (
            UPDATE tracks AS t SET likes = t.likes + 1, ranked_likes = t.ranked_likes + liked.counted::int, version = t.version + 1
            FROM liked WHERE t.generation_id = $1
            RETURNING t.generation_id, t.user_id, t.likes, t.version, t.contributed_at),
        {Consequences(LikeEventParameter)}
        SELECT track.user_id = $2, COALESCE((SELECT likes FROM changed), track.likes) FROM track
        """;

    /// <summary>A like of a track that can't be heard any more may still be taken back.</summary>
    private static readonly string UnlikeSql =
        $"""
        WITH track AS (
            SELECT generation_id, user_id, likes FROM tracks
            WHERE generation_id = $1 AND ({Audible.To("$2")} OR EXISTS (SELECT FROM likes WHERE generation_id = $1 AND user_id = $2))),
        unliked AS (DELETE FROM likes WHERE generation_id = $1 AND user_id = $2 RETURNING counted),
        changed AS (
            UPDATE tracks AS t SET likes = t.likes - 1, ranked_likes = t.ranked_likes - unliked.counted::int, version = t.version + 1
            FROM unliked WHERE t.generation_id = $1
            RETURNING t.generation_id, t.user_id, t.likes, t.version, t.contributed_at),
        {Consequences(UnlikeEventParameter)}
        SELECT false, COALESCE((SELECT likes FROM changed), track.likes) FROM track
        """;

    public async Task<LikeView> LikeAsync(Guid track, Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = database.Command(LikeSql, track, user, now, AccountAge.LikesCountFrom(user, now))
            .BindEvent(outbox, News(user, liked: true));
        return await RunAsync(command, track, liked: true, cancellationToken);
    }

    public async Task<LikeView> UnlikeAsync(Guid track, Guid user, CancellationToken cancellationToken)
    {
        await using var command = database.Command(UnlikeSql, track, user).BindEvent(outbox, News(user, liked: false));
        return await RunAsync(command, track, liked: false, cancellationToken);
    }

    private async Task<LikeView> RunAsync(NpgsqlCommand command, Guid track, bool liked, CancellationToken cancellationToken)
    {
        var rows = await command.ReadAsync(row => (IsOwn: row.GetBoolean(0), Likes: row.GetInt32(1)), cancellationToken);
        outbox.Committed();
        return rows switch
        {
            [] => throw Problem.NotFound("track"),
            [{ IsOwn: true }] => throw Problem.Of(403, "own-track", "Nobody likes their own track."),
            _ => new LikeView(track, liked, rows[0].Likes),
        };
    }

    private static TrackLiked News(Guid user, bool liked) =>
        new() { GenerationId = default, OwnerId = default, UserId = user, Liked = liked, Likes = 0 };

    /// <summary>What follows from a changed row: the ranking hears of it if the track is in the pool, and the event goes out.</summary>
    /// <param name="parameter">The number of the first of the event's parameters, as <c>BindEvent</c> appends them.</param>
    private static string Consequences(int parameter) =>
        $"""
        queued AS (INSERT INTO ranking_changes (user_id) SELECT user_id FROM changed WHERE contributed_at IS NOT NULL),
        event AS (
            INSERT INTO outbox (id, type, payload, trace_parent)
            SELECT ${parameter}, ${parameter + 1},
                ${parameter + 2} || jsonb_build_object('generationId', generation_id, 'ownerId', user_id, 'likes', likes, 'sequence',
                version), ${parameter + 3}
            FROM changed)
        """;
}
