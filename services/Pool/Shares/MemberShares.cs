using Npgsql;
using Son1kVers3.Pool.Claims;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;

namespace Son1kVers3.Pool.Shares;

/// <summary>A member's part in the pool.</summary>
/// <param name="CompletedPaid">Completed generations of the paid allowance, ever.</param>
/// <param name="Contributed">Tracks that the accumulator has contributed: a twentieth of those.</param>
/// <param name="ContributedByHand">Tracks in the pool beyond that.</param>
/// <param name="Owed">Contributions that wait for a track that can be contributed.</param>
/// <param name="NextIn">Completions until the next contribution, 1–20.</param>
/// <param name="Points">Of all that stands in the pool.</param>
/// <param name="Latest">The contribution that was made last; null before the first.</param>
internal sealed record MemberShare(
    long CompletedPaid, long Contributed, long ContributedByHand, long Owed, int NextIn, long Points, ClaimAllowance Claims,
    LatestContribution? Latest);

/// <summary>What may be claimed yet today; 0 for members of a paid tier or with an ALVAE badge, who don't claim.</summary>
/// <param name="ResetAt">The next UTC midnight.</param>
internal sealed record ClaimAllowance(int Remaining, DateTimeOffset ResetAt);

/// <param name="SwapUntil">Until then another track can take its place, unless it was claimed.</param>
internal sealed record LatestContribution(
    Guid GenerationId, string Title, DateTimeOffset ContributedAt, bool Automatic, bool Claimed, DateTimeOffset SwapUntil);

internal sealed class MemberShares(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select =
        $"""
        SELECT COALESCE(c.completed, 0), COALESCE(c.contributed, 0), COALESCE(own.by_hand, 0), COALESCE(own.points, 0),
            {Member.MayClaimSql}, COALESCE(d.used, 0),
            latest.generation_id, latest.title, latest.contributed_at, latest.automatic, latest.claimed_at IS NOT NULL
        FROM (VALUES ($1::uuid)) AS caller (user_id)
        LEFT JOIN contributors AS c USING (user_id)
        LEFT JOIN members AS m USING (user_id)
        LEFT JOIN claim_days AS d ON d.user_id = caller.user_id AND d.day = $2
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE NOT automatic) AS by_hand, sum(points) FILTER (WHERE NOT hidden AND NOT deleted) AS points
            FROM tracks WHERE user_id = caller.user_id AND contributed_at IS NOT NULL) AS own ON true
        LEFT JOIN LATERAL (
            SELECT * FROM tracks WHERE user_id = caller.user_id AND contributed_at IS NOT NULL
            ORDER BY contributed_at DESC, generation_id DESC LIMIT 1) AS latest ON true
        """;

    public async Task<MemberShare> ReadAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await database.ReadAsync(Select, [user, ClaimRules.DayOf(now)], row => Read(row, now), cancellationToken);
        return rows[0];
    }

    private static MemberShare Read(NpgsqlDataReader row, DateTimeOffset now)
    {
        var (completed, contributed) = (row.GetInt64(0), row.GetInt64(1));
        return new MemberShare(
            completed, contributed, row.GetInt64(2), Accumulator.Due(completed, contributed), Accumulator.NextIn(completed),
            row.GetInt64(3),
            new ClaimAllowance(row.GetBoolean(4) ? ClaimRules.Remaining(row.GetInt32(5)) : 0, ClaimRules.ResetAt(now)),
            row.IsDBNull(6) ? null : ReadLatest(row));
    }

    private static LatestContribution ReadLatest(NpgsqlDataReader row)
    {
        var at = row.GetFieldValue<DateTimeOffset>(8);
        return new LatestContribution(row.GetGuid(6), row.GetString(7), at, row.GetBoolean(9), row.GetBoolean(10), at + SwapRule.Window);
    }
}
