using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>What is simulated.</summary>
/// <param name="MeanGapMs">Between requests, at all replicas together.</param>
/// <param name="Accounts">Draws the provider's accounts.</param>
/// <param name="RedisLosses">When, as shares of the run.</param>
internal sealed record Scenario(
    Strategy Strategy, int Requests, double MeanGapMs, int MeanDurationMs, long PatienceMs, int CostCents, Rest? Rest, Func<Random, long, IEnumerable<ProviderAccount>> Accounts,
    IReadOnlyList<double> RedisLosses, IReadOnlyList<double> ReplicaDeaths, long MustRecoverWithinMs, Func<string, int> WeightOf)
{
    private const long Hour = 3_600_000;

    /// <summary>10 accounts of mixed limits that fail in every way, three replicas of which some die, and a Redis that forgets twice.</summary>
    public static Scenario Mixed(Strategy strategy, int requests) => new(
        strategy, requests, MeanGapMs: 400, MeanDurationMs: 1500, PatienceMs: 60_000, CostCents: 3, Rest: null,
        (random, start) => Enumerable.Range(0, 10).Select(i => new ProviderAccount($"a{i}", Limits(i, random), Faults(random, start, (long)(requests * 400L)))),
        [0.31, 0.74], [0.2, 0.5, 0.8], MustRecoverWithinMs: Hour / 2, _ => 1);

    /// <summary>Ten sound accounts of the same kind, whose shares must be fair.</summary>
    public static Scenario Fair(Strategy strategy, int requests) => new(
        strategy, requests, MeanGapMs: 100, MeanDurationMs: 800, PatienceMs: 60_000, CostCents: 0, Rest: null,
        (_, _) => Enumerable.Range(0, 10).Select(i => new ProviderAccount($"a{i}", new AccountLimits(Concurrency: 5), [])),
        [], [], Hour, id => id[1] - '0' + 1);

    /// <summary>50 requests, then 30 minutes of rest.</summary>
    public static Scenario Resting(Strategy strategy, int requests) => Fair(strategy, requests) with { Rest = new Rest(), MeanGapMs = 4_000 };

    private static AccountLimits Limits(int i, Random random) => (i % 5) switch
    {
        0 => new AccountLimits(Concurrency: 1 + random.Next(3)),
        1 => new AccountLimits(Concurrency: 10, RequestsPerMinute: 5 + random.Next(40)),
        2 => new AccountLimits(Concurrency: 4, RequestsPerDay: 500 + random.Next(3000)),
        3 => new AccountLimits(Concurrency: 4, RequestsPerMinute: 30, RequestsPerMonth: 1000 + random.Next(5000), Window: LimitWindow.Fixed),
        _ => new AccountLimits(Concurrency: 8, SpendCentsPerMonth: 3000 + random.Next(30_000), RequestsPerDay: 4000, Window: LimitWindow.Fixed),
    };

    private static Fault[] Faults(Random random, long start, long length) =>
    [
        .. Enumerable.Range(0, 6).Select(_ =>
        {
            var from = start + random.NextInt64(length * 8 / 10);
            var error = (ErrorClass)random.Next(5);
            return new Fault(from, from + 1000 + random.NextInt64(10 * 60_000), error, random.Next(2) * random.Next(1, 120_000));
        }),
    ];
}
