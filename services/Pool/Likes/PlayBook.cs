using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Pool.Likes;

/// <summary>Counts plays: once a member, track and half an hour, counter and event in one statement.</summary>
internal sealed class PlayBook(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private static readonly string PlaySql =
        $"""
        WITH track AS (SELECT generation_id, plays FROM tracks WHERE generation_id = $1 AND {Audible.To("$2")}),
        played AS (
            INSERT INTO plays AS p (generation_id, user_id, counted_at) SELECT generation_id, $2, $3 FROM track
            ON CONFLICT (generation_id, user_id) DO UPDATE SET counted_at = excluded.counted_at WHERE p.counted_at <= $4
            RETURNING 1),
        changed AS (
            UPDATE tracks AS t SET plays = t.plays + 1, version = t.version + 1 FROM played WHERE t.generation_id = $1
            RETURNING t.generation_id, t.user_id, t.plays, t.version),
        event AS (
            INSERT INTO outbox (id, type, payload, trace_parent)
            SELECT $5, $6, $7 || jsonb_build_object('generationId', generation_id, 'ownerId', user_id, 'plays', plays, 'sequence', version),
                $8 FROM changed)
        SELECT EXISTS (SELECT FROM played), COALESCE((SELECT plays FROM changed), track.plays) FROM track
        """;

    private static readonly string HearSql = $"SELECT false, plays FROM tracks WHERE generation_id = $1 AND {Audible.To("NULL::uuid")}";

    public async Task<PlayView> PlayAsync(Guid track, Guid? user, CancellationToken cancellationToken)
    {
        await using var command = user is { } listener ? Count(track, listener) : database.Command(HearSql, track);
        var rows = await command.ReadAsync(row => new PlayView(track, row.GetBoolean(0), row.GetInt64(1)), cancellationToken);
        if (rows is [{ Counted: true }])
            outbox.Committed();
        return rows is [var play] ? play : throw Problem.NotFound("track");
    }

    private NpgsqlCommand Count(Guid track, Guid user)
    {
        var now = clock.GetUtcNow();
        return database.Command(PlaySql, track, user, now, now - Window)
            .BindEvent(outbox, new TrackPlayed { GenerationId = default, OwnerId = default, UserId = user, Plays = 0 });
    }
}
