using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Ranking;

/// <summary>A standing that changed: for Redis. No key: it left the ranking.</summary>
internal sealed record StandingChange(string Timeframe, DateOnly StartsOn, Guid UserId, string? SortKey, long Version);

/// <summary>A part of a period's ranking.</summary>
/// <param name="Before">How many places lie before the first of <paramref name="Keys"/>.</param>
/// <param name="OwnKey">The caller's; null without a place.</param>
/// <param name="OwnRank">From 0.</param>
internal sealed record RankingSlice(long Before, IReadOnlyList<string> Keys, string? OwnKey, long OwnRank);

/// <summary>The ranking in Postgres: scores counted from the tracks, never added up from changes, so that counting again can only make them
/// right.</summary>
/// <remarks>
/// Whoever changes a contributed track leaves the contributor's id in <c>ranking_changes</c> in the same transaction. Counting takes those
/// ids and counts these members anew; one count at a time, over all replicas (an advisory lock, held for the few statements of the count),
/// so that an older snapshot never overwrites a newer one.
/// </remarks>
internal sealed class Standings(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int Batch = 500;
    private const int Places = 10;
    private const long LockKey = 0x52616e6b;

    /// <summary>Counts the members of $1 anew, or with null everybody; returns what changed.</summary>
    private static readonly string Count =
        $"""
        WITH affected AS (
            SELECT unnest($1::uuid[]) AS user_id
            UNION SELECT user_id FROM tracks WHERE $1::uuid[] IS NULL AND contributed_at IS NOT NULL
            UNION SELECT user_id FROM standings WHERE $1::uuid[] IS NULL),
        counted AS (
            SELECT f.timeframe, f.starts_on, t.user_id, sum(t.points) AS points, sum(t.ranked_likes) AS likes,
                min(t.contributed_at) AS first_at
            FROM affected AS a JOIN tracks AS t USING (user_id) LEFT JOIN members AS m USING (user_id)
            CROSS JOIN LATERAL (VALUES
                ('week', date_trunc('week', t.contributed_at AT TIME ZONE 'UTC')::date),
                ('month', date_trunc('month', t.contributed_at AT TIME ZONE 'UTC')::date),
                ('all_time', DATE '1970-01-01')) AS f (timeframe, starts_on)
            WHERE t.contributed_at IS NOT NULL AND NOT t.hidden AND NOT t.deleted AND m.deleted IS NOT TRUE
            GROUP BY f.timeframe, f.starts_on, t.user_id),
        standing AS (
            SELECT timeframe, starts_on, user_id, COALESCE(c.points, 0) AS points, COALESCE(c.likes, 0) AS likes, c.first_at
            FROM counted AS c
            FULL JOIN (SELECT timeframe, starts_on, user_id FROM standings JOIN affected USING (user_id)) AS s
                USING (timeframe, starts_on, user_id))
        INSERT INTO standings AS s (timeframe, starts_on, user_id, points, likes, first_at, sort_key, version)
        SELECT timeframe, starts_on, user_id, points, likes, first_at, CASE WHEN points > 0 THEN {Score.Sql("standing")} END, 1
        FROM standing
        ON CONFLICT (timeframe, starts_on, user_id) DO UPDATE SET
            points = excluded.points, likes = excluded.likes, first_at = excluded.first_at, sort_key = excluded.sort_key,
            version = s.version + 1
        WHERE s.sort_key IS DISTINCT FROM excluded.sort_key
        RETURNING timeframe, starts_on, user_id, sort_key, version
        """;

    /// <summary>Counts the members that a batch of changes names. Empty when nothing changed.</summary>
    public Task<(int Taken, List<StandingChange> Changes)> CountChangedAsync(CancellationToken cancellationToken) => InTurnAsync(
        async db =>
        {
            var users = await db.Database.SqlQuery<Guid>(
                $"""
                WITH taken AS (DELETE FROM ranking_changes
                    WHERE id IN (SELECT id FROM ranking_changes ORDER BY id LIMIT {Batch} FOR UPDATE SKIP LOCKED) RETURNING user_id)
                SELECT user_id AS "Value" FROM taken
                """).ToListAsync(cancellationToken);
            return (users.Count, users.Count == 0 ? [] : await CountAsync(db, [.. users.Distinct()], cancellationToken));
        },
        cancellationToken);

    /// <summary>Counts everybody anew; what it returns was not as the tracks say.</summary>
    public Task<List<StandingChange>> RebuildAsync(CancellationToken cancellationToken) =>
        InTurnAsync(db => CountAsync(db, null, cancellationToken), cancellationToken);

    /// <summary>A part of the ranking, and the caller's own place.</summary>
    public async Task<RankingSlice> ReadAsync(
        RankingPeriod period, Guid? caller, string? after, int limit, CancellationToken cancellationToken)
    {
        const string sql =
            """
            WITH own AS (SELECT sort_key FROM standings
                WHERE timeframe = $1 AND starts_on = $2 AND user_id = $3::uuid AND sort_key IS NOT NULL)
            SELECT
                CASE WHEN $4::text IS NULL THEN 0
                    ELSE (SELECT count(*) FROM standings WHERE timeframe = $1 AND starts_on = $2 AND sort_key <= $4) END,
                ARRAY(SELECT sort_key FROM standings WHERE timeframe = $1 AND starts_on = $2 AND sort_key > COALESCE($4, '')
                ORDER BY sort_key LIMIT $5),
                (SELECT sort_key FROM own),
                (SELECT count(*) FROM standings WHERE timeframe = $1 AND starts_on = $2 AND sort_key < (SELECT sort_key FROM own))
            """;
        var rows = await database.ReadAsync(
            sql, [period.Name, period.StartsOn, caller, after, limit],
            row => new RankingSlice(row.GetInt64(0), row.GetFieldValue<string[]>(1), row.Nullable<string>(2), row.GetInt64(3)),
            cancellationToken);
        return rows[0];
    }

    /// <summary>All that a period holds, for Redis.</summary>
    public Task<List<StandingChange>> AllAsync(RankingPeriod period, CancellationToken cancellationToken) => database.ReadAsync(
        """
        SELECT timeframe, starts_on, user_id, sort_key, version FROM standings
        WHERE timeframe = $1 AND starts_on = $2 AND sort_key IS NOT NULL
        """,
        [period.Name, period.StartsOn], Read, cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<PoolDb, Task<T>> count, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PoolDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var result = await count(db);
        foreach (var news in await LeadersAsync(db, cancellationToken))
            scope.ServiceProvider.GetRequiredService<Outbox>().Publish(news);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static async Task<List<StandingChange>> CountAsync(PoolDb db, Guid[]? users, CancellationToken cancellationToken)
    {
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(Count, users);
        command.CommandTimeout = 600;
        return await command.ReadAsync(Read, cancellationToken);
    }

    /// <summary>The present periods whose first places are others than was told.</summary>
    private async Task<List<RankingChanged>> LeadersAsync(PoolDb db, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var periods = Enum.GetValues<Timeframe>().Select(t => RankingPeriod.Of(t, today)).ToList();
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(
            $"""
            INSERT INTO leaders AS l (timeframe, starts_on, users)
            SELECT timeframe, starts_on, users
            FROM unnest($1::text[], $2::date[]) AS p (timeframe, starts_on)
            CROSS JOIN LATERAL (SELECT ARRAY(
                SELECT user_id FROM standings AS s WHERE s.timeframe = p.timeframe AND s.starts_on = p.starts_on AND sort_key IS NOT NULL
                ORDER BY sort_key LIMIT {Places}) AS users) AS first
            WHERE cardinality(users) > 0
            ON CONFLICT (timeframe, starts_on) DO UPDATE SET users = excluded.users WHERE l.users <> excluded.users
            RETURNING timeframe, users, nextval('{PoolDb.EventSequence}')
            """,
            periods.Select(p => p.Name).ToArray(), periods.Select(p => p.StartsOn).ToArray());
        return await command.ReadAsync(NewsOf, cancellationToken);
    }

    private static RankingChanged NewsOf(NpgsqlDataReader row)
    {
        var users = row.GetFieldValue<Guid[]>(1);
        return new RankingChanged { Timeframe = row.GetString(0), LeaderId = users[0], FirstPlaces = users, Sequence = row.GetInt64(2) };
    }

    private static StandingChange Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetGuid(2), row.Nullable<string>(3), row.GetInt64(4));
}
