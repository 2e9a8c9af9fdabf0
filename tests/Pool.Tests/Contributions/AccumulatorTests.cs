using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Pool.Contributions;

namespace Son1kVers3.Pool.Tests;

[Trait("Category", "Unit")]
public sealed class AccumulatorTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(19, 0, 0)]
    [InlineData(20, 0, 1)]
    [InlineData(39, 1, 0)]
    [InlineData(40, 1, 1)]
    [InlineData(200, 7, 3)]
    [InlineData(20, 2, 0)]
    public void Due_IsTheTwentiethPartLessWhatWasContributed(long completed, long contributed, long due) =>
        Assert.Equal(due, Accumulator.Due(completed, contributed));

    [Fact]
    public void Due_WhenPaidAfterEveryCompletion_KeepsContributedAtExactlyATwentieth() =>
        Prop.ForAll(Gen.Choose(0, 3000).ToArbitrary(), completions =>
        {
            long contributed = 0;
            for (var completed = 1; completed <= completions; completed++)
                contributed += Accumulator.Due(completed, contributed);
            return contributed == completions / 20;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Due_WhenSomeCannotBeContributed_StaysOwedAndIsMadeUpForLater() =>
        Prop.ForAll(Gen.Elements(true, false).ListOf().ToArbitrary(), available =>
        {
            long contributed = 0, completed = 0;
            foreach (var possible in available)
            {
                completed++;
                if (possible)
                    contributed += Accumulator.Due(completed, contributed);
            }

            return contributed + Accumulator.Due(completed, contributed) == completed / 20;
        }).QuickCheckThrowOnFailure();
}
