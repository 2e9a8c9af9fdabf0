using Npgsql;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Pool.Likes;

/// <summary>Lets the likes of young accounts count in the ranking once the account is a day old.</summary>
internal sealed class LikeMaturity(
    NpgsqlDataSource database, TimeProvider clock, ILogger<LikeMaturity> log) : PeriodicWorker(TimeSpan.FromMinutes(1), clock, log)
{
    private const int Batch = 500;

    private const string Mature =
        """
        WITH ripe AS (
            UPDATE likes SET counted = true
            WHERE (generation_id, user_id) IN (
                SELECT generation_id, user_id FROM likes WHERE NOT counted AND counts_from <= $1
                ORDER BY counts_from LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING generation_id),
        changed AS (
            UPDATE tracks AS t SET ranked_likes = t.ranked_likes + n.likes
            FROM (SELECT generation_id, count(*)::int AS likes FROM ripe GROUP BY generation_id) AS n
                WHERE t.generation_id = n.generation_id
            RETURNING t.user_id, t.contributed_at),
        queued AS (INSERT INTO ranking_changes (user_id) SELECT DISTINCT user_id FROM changed WHERE contributed_at IS NOT NULL)
        SELECT count(*) FROM ripe
        """;

    protected override Task RunAsync(CancellationToken cancellationToken) => MatureAsync(cancellationToken);

    internal async Task MatureAsync(CancellationToken cancellationToken)
    {
        long matured;
        do
        {
            await using var command = database.Command(Mature, Clock.GetUtcNow(), Batch);
            matured = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        while (matured == Batch);
    }
}
