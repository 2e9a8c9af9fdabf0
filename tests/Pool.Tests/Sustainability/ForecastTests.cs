using Son1kVers3.Pool.Sustainability;

namespace Son1kVers3.Pool.Tests.Sustainability;

[Trait("Category", "Unit")]
public sealed class ForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly PaidTier[] Model = [new("Creator", 60, 60 * 50), new("Pro", 30, 30 * 200), new("Studio", 10, 10 * 1000)];

    [Fact]
    public void View_OfTheModelsMembers_IsTheModel()
    {
        var view = SustainabilityView.Of(Facts() with { Paid = Model }, Now);

        Assert.Equal((950, 10, "10:1", 100, 90),
            (view.MonthlyInflow, view.FreeMembersSustained, view.Ratio, view.PaidMembers.Total, view.ClaimsPerFreeMember));
    }

    [Fact]
    public void View_WithoutPaidMembers_SustainsNobody() => Assert.Equal((0, 0, null), Of(SustainabilityView.Of(Facts(), Now)));

    [Fact]
    public void Forecast_WhenClaimsOutrunContributions_SaysForHowManyDaysTheStockLasts()
    {
        var forecast = Forecast.Of(Facts() with
        {
            Available = 100,
            Contributed = 300,
            Claimed = 600,
            FirstContribution = Now.AddDays(-30),
            LastContribution = Now.AddHours(-1)
        }, Now);

        Assert.Equal((10.0, 20.0, 10.0, 0L), (forecast.DailyInflow, forecast.DailyClaims, forecast.DaysOfStock, forecast.StockIn30Days));
        Assert.Equal(Now.AddHours(-1) + TimeSpan.FromDays(0.1), forecast.NextExpectedAt);
    }

    [Fact]
    public void NextExpected_WhenOverdue_IsAnIntervalFromNow() => Assert.Equal(
        Now.AddDays(1),
        Forecast.Of(Facts() with { Contributed = 10, FirstContribution = Now.AddDays(-10), LastContribution = Now.AddDays(-9) }, Now)
        .NextExpectedAt);

    [Fact]
    public void NextExpected_BeforeAnyContribution_FollowsWhatPaidMembersCanMake_OrIsNotKnown()
    {
        Assert.Equal(Now + TimeSpan.FromDays(30.0 / 950), Forecast.Of(Facts() with { Paid = Model }, Now).NextExpectedAt);
        Assert.Null(Forecast.Of(Facts(), Now).NextExpectedAt);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(14, 2)]
    [InlineData(15, 3)]
    public void ExpectedClaims_IsTheDailyMeanOfAWeekRoundedUp(long claimed, int expected) =>
        Assert.Equal(expected, Forecast.ExpectedClaims(claimed));

    private static (long, long, string?) Of(SustainabilityView view) => (view.MonthlyInflow, view.FreeMembersSustained, view.Ratio);

    private static StockFacts Facts() => new([], 0, 0, 0, 0, 0, null, null);
}
