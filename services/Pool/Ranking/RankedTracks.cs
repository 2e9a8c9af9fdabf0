using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Pool.Ranking;

/// <summary>A contribution, with what it adds to its member's place.</summary>
/// <param name="GenerationId">What the track is called by everywhere.</param>
/// <param name="Points">1 standard, 2 high, 3 ultra.</param>
/// <param name="Likes">Those that count: from accounts at least a day old.</param>
/// <param name="Automatic">Contributed as one of twenty, not by hand.</param>
/// <param name="Claimed">Somebody has taken it; its points stay.</param>
internal sealed record RankedTrack(
    Guid GenerationId, string Title, Quality Quality, int Points, int Likes, DateTimeOffset ContributedAt, bool Automatic, bool Claimed)
{
    public static RankedTrack Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), Enum.Parse<Quality>(row.GetString(2)), row.GetInt32(3), row.GetInt32(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetBoolean(6), row.GetBoolean(7));
}

/// <summary>What a place of the ranking was counted from: the same tracks as in <see cref="Standings"/>, one by one.</summary>
internal sealed class RankedTracks(NpgsqlDataSource database)
{
    /// <summary>The newest first; empty for who has no place.</summary>
    public async Task<Page<RankedTrack>> ReadAsync(
        Guid member, RankingPeriod period, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        var rows = await database.ReadAsync(
            """
            SELECT t.generation_id, t.title, t.quality, t.points, t.ranked_likes, t.contributed_at, t.automatic, t.claimed_at IS NOT NULL
            FROM tracks AS t LEFT JOIN members AS m USING (user_id)
            WHERE t.user_id = $1 AND t.contributed_at >= $2 AND ($3::timestamptz IS NULL OR t.contributed_at < $3)
                AND NOT t.hidden AND NOT t.deleted AND m.deleted IS NOT TRUE
                AND ($4::timestamptz IS NULL OR (t.contributed_at, t.generation_id) < ($4, $5))
            ORDER BY t.contributed_at DESC, t.generation_id DESC LIMIT $6
            """,
            [member, Midnight(period.StartsOn), period.EndsOn is { } end ? Midnight(end) : null,
             after?.At,
             after?.Id ?? Guid.Empty, page.Limit + 1],
            RankedTrack.Read, cancellationToken);
        return Page<RankedTrack>.Of(rows, page, track => (track.ContributedAt, track.GenerationId));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
