using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Tests.Simulation;

[Trait("Category", "Unit")]
public sealed class SimulationTests
{
    private const int Requests = 100_000;
    private const int Seeds = 10;

    public static TheoryData<string> Strategies => [.. Campaign.Strategies.Select(s => s.ToString())];

    /// <summary>
    /// A tenth of the whole. The provider itself throws when a limit is exceeded; the world when a request is lost or a recovered account is not used again.
    /// </summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void Rotation_UnderMixedLimitsAndFaults_ExceedsNoLimitAndLosesNoRequest(string strategy)
    {
        Assert.All(Enumerable.Range(0, Seeds).AsParallel().Select(seed => Campaign.Mixed(Enum.Parse<Strategy>(strategy), Requests, seed)).ToList(), outcome =>
        {
            Assert.True(outcome.Attempts > outcome.Succeeded, "some attempts met faults");
            Assert.True(outcome.Succeeded > Requests / 8, $"{outcome.Succeeded} of {Requests} succeeded");
        });
    }

    [Theory]
    [InlineData("RoundRobin", 5)]
    [InlineData("Random", 5)]
    [InlineData("LeastUsed", 5)]
    [InlineData("Weighted", 5)]
    public void Rotation_OfSoundAccounts_IsFairWithinFivePercent(string strategy, double percent) =>
        Assert.InRange(Campaign.Unfairness(Enum.Parse<Strategy>(strategy), 50_000, seed: 7), 0, percent);

    [Fact]
    public void Rotation_StickyByUser_KeepsUsersTogether_AndNobodyIdle() =>
        Assert.All(new World(Scenario.Fair(Strategy.StickyByUser, 20_000), 7).Run().Served.Values, served => Assert.InRange(served, 500, 5000));

    [Fact]
    public void Rotation_AfterFiftyRequests_RestsForHalfAnHour()
    {
        var outcome = new World(Scenario.Resting(Strategy.RoundRobin, 20_000) with { PatienceMs = 1000 }, 7).Run();

        // 500 requests at 15 a minute take 33 minutes, and then all ten rest for 30: about half of the time.
        Assert.True(outcome.Refused > 0);
        Assert.InRange(outcome.Succeeded, 8_000, 15_000);
    }
}
