using Npgsql;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Paging;
using StackExchange.Redis;

namespace Son1kVers3.Pool.Ranking;

/// <summary>Reads the ranking where it is fastest: the present periods in Redis when complete there, else (and past ones always) in
/// Postgres.</summary>
internal sealed class RankingReader(
    Standings standings, RankingCache cache, NpgsqlDataSource database, TimeProvider clock, ILogger<RankingReader> log)
{
    public async Task<RankingView> ReadAsync(
        RankingPeriod period, Guid? caller, PageQuery page, CancellationToken cancellationToken)
    {
        var slice = await SliceAsync(period, caller, page.After<RankingCursor>()?.Key, page.Limit + 1, cancellationToken);
        var scores = slice.Keys.Select(Score.Parse).ToList();
        var own = slice.OwnKey is { } key ? Score.Parse(key) : null;
        var artists = await Artist.FindAsync(database, [.. scores.Append(own).OfType<Score>().Select(s => s.UserId)], cancellationToken);
        var places = scores.Select((score, n) => Show(score, slice.Before + n)).ToList();
        var shown = Page<RankingPlace>.Of(places, page, place =>
            new RankingCursor(slice.Keys[(int)(place.Place - slice.Before - 1)]));
        return new RankingView(
            period.Name, StartOf(period), period.EndsOn is { } end ? Midnight(end) : null, shown.Items, shown.NextCursor,
            own is null ? null : Show(own, slice.OwnRank));

        RankingPlace Show(Score score, long before) =>
            new(before + 1, artists.GetValueOrDefault(score.UserId) ?? Artist.Unknown, score.Points, score.Likes, score.FirstAt,
                caller is null ? null : score.UserId == caller, score.UserId);
    }

    private async Task<RankingSlice> SliceAsync(
        RankingPeriod period, Guid? caller, string? after, int limit, CancellationToken cancellationToken)
    {
        var present = RankingPeriod.Of(period.Timeframe, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) == period;
        try
        {
            if (present && await cache.ReadAsync(period, caller, after, limit) is { } cached)
                return cached;
            if (present)
                await cache.RebuildAsync(period, () => standings.AllAsync(period, cancellationToken));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            log.LogInformation("The ranking is read from the database, Redis does not answer: {Reason}", e.Message);
        }

        return await standings.ReadAsync(period, caller, after, limit, cancellationToken);
    }

    private static DateTimeOffset? StartOf(RankingPeriod period) =>
        period.Timeframe == Timeframe.AllTime ? null : Midnight(period.StartsOn);

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>Where a page of the ranking ended.</summary>
internal readonly record struct RankingCursor(string Key);
