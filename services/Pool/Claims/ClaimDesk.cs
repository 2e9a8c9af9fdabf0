using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Pool.Claims;

/// <summary>What one try at a claim came to.</summary>
/// <param name="Used">Claims of the day, this one included.</param>
/// <param name="At">The instant that decided which day it is: at midnight an answer must not name the next one.</param>
internal sealed record ClaimAttempt(ClaimOutcome Outcome, int Used, TrackCard? Card, DateTimeOffset At);

/// <summary>Keeps what is repeated under the request's key, in the transaction of the claim.</summary>
internal delegate Task RecordClaim(ClaimAttempt claim, NpgsqlTransaction transaction);

/// <summary>Hands out tracks, each to one member.</summary>
/// <remarks>
/// <para>A claim is one statement: the first free track in the order drawn is locked, passing over those that others hold (<c>SKIP
/// LOCKED</c>); the day's counter goes up unless it is full; the track gets its claimer; the event goes to the outbox. Where one of these
/// does not happen none does, and what is cut off in the middle leaves nothing behind.</para>
/// <para>A track that another claim holds may come back, should that one fail. Before the pool is called empty it is therefore looked for
/// tracks that are merely held, and those are waited for a moment.</para>
/// </remarks>
internal sealed class ClaimDesk(NpgsqlDataSource database, Outbox outbox, TimeProvider clock)
{
    private const int Tries = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Tries until a track is claimed or there is a reason why not; between tries no connection is held.</summary>
    /// <param name="record">Null when nothing is to be kept: the statement then commits by itself.</param>
    public async Task<ClaimAttempt> ClaimAsync(Guid user, string? genre, RecordClaim? record, CancellationToken cancellationToken)
    {
        var draw = ClaimDraw.Of(Random.Shared.NextDouble(), Random.Shared.NextDouble());
        for (var tries = 1; ; tries++)
        {
            var (attempt, isHeld) = await TryOnceAsync(user, genre, draw, record, cancellationToken);
            if (attempt.Outcome != ClaimOutcome.Empty || (draw.From == 0 && (tries >= Tries || !isHeld)))
                return attempt;
            // Behind the point there was none: from the beginning, which is all of them.
            if (draw.From == 0)
                await Task.Delay(Pause, clock, cancellationToken);
            draw = ClaimDraw.Any(0);
        }
    }

    /// <summary>A track that was claimed, as its claimer sees it now.</summary>
    /// <exception cref="ProblemException">404: it was taken from its claimer, too.</exception>
    public async Task<TrackCard> FindAsync(Guid track, Guid claimer, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            $"SELECT {TrackCard.Columns("$2")} FROM (SELECT * FROM tracks WHERE generation_id = $1 AND {Audible.To("$2")}) AS t {TrackCard.Join}",
            [track, claimer], row => TrackCard.Read(row, claimer), cancellationToken);
        return found is [var card] ? card : throw Problem.NotFound("track");
    }

    private async Task<(ClaimAttempt Attempt, bool IsHeld)> TryOnceAsync(
        Guid user, string? genre, ClaimDraw draw, RecordClaim? record, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = record is null ? null : await connection.BeginTransactionAsync(cancellationToken);
        var attempt = await TryAsync(connection, user, genre, draw, cancellationToken);
        if (attempt.Outcome == ClaimOutcome.Claimed)
        {
            if (transaction is not null)
            {
                await record!(attempt, transaction);
                await transaction.CommitAsync(cancellationToken);
            }

            outbox.Committed();
        }

        return (attempt, attempt.Outcome == ClaimOutcome.Empty && await AnyHeldAsync(connection, user, genre, cancellationToken));
    }

    /// <summary>The statement, in the transaction of the connection.</summary>
    internal async Task<ClaimAttempt> TryAsync(
        NpgsqlConnection connection, Guid user, string? genre, ClaimDraw draw, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = Command(connection, user, genre, draw, now);
        await command.PrepareAsync(cancellationToken);
        var rows = await command.ReadAsync(
            row =>
            {
                var claimed = !row.IsDBNull(2);
                var used = row.GetInt32(1);
                var outcome = ClaimRules.Outcome(row.GetBoolean(0), used, claimed);
                return new ClaimAttempt(outcome, used, claimed ? TrackCard.Read(row, user, at: 2) : null, now);
            },
            cancellationToken);
        return rows[0];
    }

    /// <summary>The statement of a claim; also what the plans are shown of.</summary>
    internal NpgsqlCommand Command(NpgsqlConnection connection, Guid user, string? genre, ClaimDraw draw, DateTimeOffset now)
    {
        var command = connection.Command(Statement(draw, genre is not null), user, ClaimRules.DayOf(now), now, draw.From)
            .BindEvent(outbox, new TrackClaimed { GenerationId = default, ClaimedBy = user, ContributedBy = default, Title = "" });
        if (genre is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = genre });
        return command;
    }

    private static string Statement(ClaimDraw draw, bool ofGenre) =>
        $"""
        WITH caller AS MATERIALIZED (
            SELECT {Member.MayClaimSql} AS may_claim, COALESCE(d.used, 0) AS used
            FROM (VALUES ($1)) AS c (user_id) LEFT JOIN members AS m USING (user_id)
                LEFT JOIN claim_days AS d ON d.user_id = c.user_id AND d.day = $2),
        picked AS (
            SELECT generation_id FROM tracks
            WHERE (SELECT may_claim AND used < {ClaimRules.PerDay} FROM caller)
                AND available AND user_id <> $1 AND {draw.Condition} {(ofGenre ? "AND genre = $9" : "")}
            ORDER BY {draw.Order} LIMIT 1 FOR UPDATE SKIP LOCKED),
        day AS (
            INSERT INTO claim_days AS d (user_id, day, used) SELECT $1, $2, 1 FROM picked
            ON CONFLICT (user_id, day) DO UPDATE SET used = d.used + 1 WHERE d.used < {ClaimRules.PerDay}
            RETURNING used),
        claimed AS (
            UPDATE tracks AS t SET claimed_by = $1, claimed_at = $3, version = version + 1 FROM picked, day
            WHERE t.generation_id = picked.generation_id
            RETURNING t.*),
        event AS (
            INSERT INTO outbox (id, type, payload, trace_parent)
            SELECT $5, $6,
                $7 || jsonb_build_object('generationId', generation_id, 'contributedBy', user_id, 'title', title, 'sequence', version), $8
                FROM claimed)
        SELECT caller.may_claim,
            COALESCE((SELECT used FROM day),
                CASE WHEN EXISTS (SELECT FROM picked) THEN {ClaimRules.PerDay} ELSE caller.used END),
            {TrackCard.Columns("$1")}
        FROM caller LEFT JOIN claimed AS t ON true {TrackCard.Join}
        """;

    /// <summary>Whether there is a track that only somebody's unfinished claim keeps from being claimed.</summary>
    private static async Task<bool> AnyHeldAsync(NpgsqlConnection connection, Guid user, string? genre, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            "SELECT EXISTS (SELECT FROM tracks WHERE available AND user_id <> $1 AND ($2::text IS NULL OR genre = $2))", user, genre);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
