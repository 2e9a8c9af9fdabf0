using Son1kVers3.ServiceDefaults.Workers;
using StackExchange.Redis;

namespace Son1kVers3.Pool.Ranking;

/// <summary>Brings changed contributions into the ranking, in Postgres first and then in Redis, within a second.</summary>
/// <remarks>What is counted but did not reach Redis (a crash in between, Redis away) is made good by taking the marks of completeness away:
/// at every start, and once Redis is back.</remarks>
internal sealed class RankingWorker(Standings standings, RankingCache cache, TimeProvider clock, ILogger<RankingWorker> log)
    : PeriodicWorker(TimeSpan.FromMilliseconds(500), clock, log)
{
    private bool _newsLost = true;

    protected override Task RunAsync(CancellationToken cancellationToken) => RankAsync(cancellationToken);

    /// <summary>Counts until nothing waits to be counted.</summary>
    internal async Task RankAsync(CancellationToken cancellationToken)
    {
        (int Taken, List<StandingChange> Changes) round;
        do
        {
            round = await standings.CountChangedAsync(cancellationToken);
            await TellRedisAsync(round.Changes);
        }
        while (round.Taken > 0);
    }

    private async Task TellRedisAsync(List<StandingChange> changes)
    {
        try
        {
            if (_newsLost)
                await cache.InvalidateAsync();
            _newsLost = false;
            await cache.ApplyAsync(changes);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            _newsLost = true;
            Log.LogInformation("The ranking is read from the database, Redis does not answer: {Reason}", e.Message);
        }
    }
}
