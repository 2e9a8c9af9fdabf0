using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Pool.Members;

/// <summary>An account or a track that is gone, while rows of it are still to be removed.</summary>
internal sealed class Erasure
{
    public const string User = "user";
    public const string Track = "track";

    public Guid Id { get; init; }
    public required string Kind { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Erasure>
    {
        public void Configure(EntityTypeBuilder<Erasure> builder) => builder.ToTable("erasures").HasKey(e => e.Id);
    }
}

/// <summary>Removes what a deleted account or track leaves in the pool, 500 rows a transaction; counters follow in the same one.</summary>
/// <remarks>Safe at two replicas: a row is removed once, and an erasure ends when nothing of it is left.</remarks>
internal sealed class ErasureWorker(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ErasureWorker> log)
    : PeriodicWorker(TimeSpan.FromSeconds(1), clock, log)
{
    private const int Batch = 500;

    private const string Unlike =
        """
        WITH gone AS (
            DELETE FROM likes
            WHERE (generation_id, user_id) IN (
                SELECT generation_id, user_id FROM likes WHERE user_id = $1 ORDER BY generation_id LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING generation_id, counted),
        changed AS (
            UPDATE tracks AS t SET likes = t.likes - 1, ranked_likes = t.ranked_likes - gone.counted::int, version = t.version + 1
            FROM gone WHERE t.generation_id = gone.generation_id
            RETURNING t.generation_id, t.user_id, t.likes, t.version, t.contributed_at),
        queued AS (INSERT INTO ranking_changes (user_id) SELECT DISTINCT user_id FROM changed WHERE contributed_at IS NOT NULL)
        SELECT generation_id, user_id, likes, version FROM changed
        """;

    /// <summary>
    /// Everything else of an account that tells of the person; claims stay claims, without a name. Places go once the ranking has taken
    /// their points away, and with them the trace in what was announced of the first ones.
    /// </summary>
    private const string Forget =
        """
        WITH played AS (
            DELETE FROM plays
            WHERE (generation_id, user_id) IN (SELECT generation_id, user_id FROM plays WHERE user_id = $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING 1),
        claimed AS (
            UPDATE tracks SET claimed_by = NULL
            WHERE generation_id IN (SELECT generation_id FROM tracks WHERE claimed_by = $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1),
        placed AS (DELETE FROM standings WHERE user_id = $1 AND sort_key IS NULL RETURNING 1),
        led AS (
            UPDATE leaders SET users = array_remove(users, $1)
            WHERE $1 = ANY(users) AND NOT EXISTS (SELECT FROM standings WHERE user_id = $1 AND sort_key IS NOT NULL) RETURNING 1),
        rings AS (DELETE FROM like_rings WHERE $1 = ANY(members) RETURNING 1),
        days AS (DELETE FROM claim_days WHERE user_id = $1 RETURNING 1),
        answers AS (DELETE FROM idempotency_keys WHERE user_id = $1 RETURNING 1),
        counted AS (DELETE FROM contributors WHERE user_id = $1 RETURNING 1)
        SELECT (SELECT count(*) FROM played) + (SELECT count(*) FROM claimed)
        """;

    private const string ForgetTrack =
        """
        WITH liked AS (
            DELETE FROM likes
            WHERE (generation_id, user_id) IN (
                SELECT generation_id, user_id FROM likes WHERE generation_id = $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING counted),
        played AS (
            DELETE FROM plays
            WHERE (generation_id, user_id) IN (
                SELECT generation_id, user_id FROM plays WHERE generation_id = $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING 1),
        changed AS (
            UPDATE tracks SET likes = likes - (SELECT count(*) FROM liked)::int,
                ranked_likes = ranked_likes - (SELECT count(*) FROM liked WHERE counted)::int
            WHERE generation_id = $1 AND EXISTS (SELECT FROM liked))
        SELECT (SELECT count(*) FROM liked) + (SELECT count(*) FROM played)
        """;

    /// <summary>What somebody else holds was passed over, and is there until that one commits: then the erasure waits for the next round.</summary>
    private const string Done =
        """
        DELETE FROM erasures WHERE id = $1
            AND NOT EXISTS (SELECT FROM likes WHERE user_id = $1 OR generation_id = $1)
            AND NOT EXISTS (SELECT FROM plays WHERE user_id = $1 OR generation_id = $1)
            AND NOT EXISTS (SELECT FROM tracks WHERE claimed_by = $1)
            AND NOT EXISTS (SELECT FROM standings WHERE user_id = $1)
            AND NOT EXISTS (SELECT FROM leaders WHERE $1 = ANY(users))
        """;

    protected override Task RunAsync(CancellationToken cancellationToken) => EraseAllAsync(cancellationToken);

    internal async Task EraseAllAsync(CancellationToken cancellationToken)
    {
        var erasures = await database.ReadAsync(
            "SELECT id, kind FROM erasures", [], row => (Id: row.GetGuid(0), Kind: row.GetString(1)), cancellationToken);
        foreach (var (id, kind) in erasures)
        {
            if (kind == Erasure.User)
                while (await UnlikeAsync(id, cancellationToken) > 0) ;
            while (await ForgetAsync(kind == Erasure.User ? Forget : ForgetTrack, id, cancellationToken) > 0) ;
            await database.ExecuteAsync(Done, [id], cancellationToken);
        }
    }

    private async Task<int> UnlikeAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PoolDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(Unlike, user, Batch);
        var unliked = await command.ReadAsync(
            row => new TrackLiked
            {
                GenerationId = row.GetGuid(0),
                OwnerId = row.GetGuid(1),
                UserId = user,
                Liked = false,
                Likes = row.GetInt32(2),
                Sequence = row.GetInt64(3),
            },
            cancellationToken);
        unliked.ForEach(outbox.Publish);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return unliked.Count;
    }

    private async Task<long> ForgetAsync(string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, id, Batch);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
