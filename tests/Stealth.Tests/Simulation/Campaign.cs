using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>The simulations, as the tests run a tenth of them and <c>tests/Load -- rotation</c> all.</summary>
internal static class Campaign
{
    public static readonly Strategy[] Strategies = Enum.GetValues<Strategy>();

    /// <summary>Mixed limits and faults. Throws with strategy and seed when something does not hold.</summary>
    public static Outcome Mixed(Strategy strategy, int requests, int seed)
    {
        try
        {
            return new World(Scenario.Mixed(strategy, requests), seed).Run();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{strategy}, seed {seed}: {e.Message}", e);
        }
    }

    /// <summary>The largest deviation of an account's share from the ideal, in percent of the ideal.</summary>
    public static double Unfairness(Strategy strategy, int requests, int seed)
    {
        var scenario = Scenario.Fair(strategy, requests);
        var served = new World(scenario, seed).Run().Served;
        double weights = served.Keys.Sum(id => strategy == Strategy.Weighted ? scenario.WeightOf(id) : 1);
        return served.Max(s =>
        {
            var ideal = served.Values.Sum() * (strategy == Strategy.Weighted ? scenario.WeightOf(s.Key) : 1) / weights;
            return Math.Abs(s.Value - ideal) / ideal * 100;
        });
    }
}
