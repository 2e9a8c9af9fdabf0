using Son1kVers3.ServiceDefaults.Problems;
using StackExchange.Redis;

namespace Son1kVers3.Pool.Ranking;

/// <summary>What a rebuild found to differ; both 0 when all was right.</summary>
/// <param name="StandingsCorrected">Standings that were not as the tracks say.</param>
/// <param name="PlacesDiffering">Places of the present periods that differ between Postgres and the rebuilt Redis.</param>
internal sealed record RankingCheck(int StandingsCorrected, int PlacesDiffering);

/// <summary>Counts everything anew from the tracks, builds Redis from that, and compares.</summary>
internal sealed class RankingRebuild(Standings standings, RankingCache cache, TimeProvider clock)
{
    public async Task<RankingCheck> RunAsync(CancellationToken cancellationToken)
    {
        // What is merely not counted yet is no mistake.
        while ((await standings.CountChangedAsync(cancellationToken)).Taken > 0)
        {
        }

        var corrected = await standings.RebuildAsync(cancellationToken);
        var differing = 0;
        try
        {
            foreach (var timeframe in Enum.GetValues<Timeframe>())
                differing += await CompareAsync(RankingPeriod.Of(timeframe, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)),
                    cancellationToken);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Problem.Unavailable("Redis does not answer; the ranking is read from the database meanwhile.", TimeSpan.FromSeconds(5));
        }

        return new RankingCheck(corrected.Count, differing);
    }

    private async Task<int> CompareAsync(RankingPeriod period, CancellationToken cancellationToken)
    {
        await cache.RebuildAsync(period, () => standings.AllAsync(period, cancellationToken));
        var expected = (await standings.AllAsync(period, cancellationToken)).Select(s => s.SortKey!).Order(StringComparer.Ordinal).ToList();
        var found = await cache.AllAsync(period);
        return expected.Zip(found).Count(pair => pair.First != pair.Second) + Math.Abs(expected.Count - found.Length);
    }
}
