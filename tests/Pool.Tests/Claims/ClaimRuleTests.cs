using Son1kVers3.Pool.Claims;

namespace Son1kVers3.Pool.Tests.Claims;

[Trait("Category", "Unit")]
public sealed class ClaimRuleTests
{
    [Theory]
    [InlineData(true, 2, true, nameof(ClaimOutcome.Claimed))]
    [InlineData(false, 3, false, nameof(ClaimOutcome.NotForTier))]
    [InlineData(true, 3, false, nameof(ClaimOutcome.Spent))]
    [InlineData(true, 2, false, nameof(ClaimOutcome.Empty))]
    public void Outcome_SaysFirstWhatConcernsTheMember_AndEmptyLast(bool mayClaim, int used, bool claimed, string outcome) =>
        Assert.Equal(outcome, ClaimRules.Outcome(mayClaim, used, claimed).ToString());

    [Fact]
    public void ResetAt_IsTheNextUtcMidnight() =>
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ClaimRules.ResetAt(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero)));

    [Fact]
    public void Draw_TakesAnyTrackInHalfOfTheCases_AndTheOthersFromThreeEnds()
    {
        var orders = Enumerable.Range(0, 1000).Select(n => ClaimDraw.Of(n / 1000.0, 0.5).Order).GroupBy(o => o).Select(g => g.Count());

        Assert.Equal([500, 250, 125, 125], orders.OrderDescending());
    }
}
