using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Billing.Subscriptions;

namespace Son1kVers3.Billing.Tests.Money;

/// <summary>Random lives with refunds, disputes, draft hours, late payments, surplus subscriptions and deleted customers: after each step
/// what is held is what the model says.</summary>
[Trait("Category", "Unit")]
public class LifePropertyTests
{
    private const int Lives = 1000;

    // The same lives at each run: what fails here fails again. The second one must be odd.
    private const ulong Seed = 20261126;
    private const ulong Gamma = 1_000_003;

    private readonly HashSet<int> _happened = [];

    [Fact]
    public void Bought_InAnyLife_IsWhatWasPaidAndNotGivenBack()
    {
        var steps = (from kind in Gen.Choose(0, Life.Kinds - 1) from which in Gen.Choose(0, 7) select new LifeStep(kind, which)).ListOf();
        var life = Arb.From(steps, Shorter);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithEndSize(60).WithReplay(Seed, Gamma), Prop.ForAll(life, Live));

        // Nothing that a life can do was left out by chance.
        Assert.Equal(Enumerable.Range(0, Life.Kinds), _happened.Order());
    }

    private static IEnumerable<List<LifeStep>> Shorter(List<LifeStep> steps) =>
        Enumerable.Range(0, steps.Count).Select(i => (List<LifeStep>)[.. steps.Where((_, at) => at != i)]);

    private void Live(List<LifeStep> steps)
    {
        var life = new Life("cus");
        foreach (var step in steps)
        {
            if (!life.Do(step))
                continue;
            _happened.Add(step.Kind);
            Assert.Equal(Truth.Of(life), Truth.Of(SubscriptionRules.Of(life.State(), life.Now)));
        }
    }
}
