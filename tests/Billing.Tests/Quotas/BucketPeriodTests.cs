using Son1kVers3.Billing.Quotas;

namespace Son1kVers3.Billing.Tests.Quotas;

[Trait("Category", "Unit")]
public class BucketPeriodTests
{
    [Theory]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-15T00:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T09:59:59Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-04-30T10:00:00Z", "2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z")]
    [InlineData("2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z")]
    [InlineData("2026-11-15T12:00:00Z", "2027-01-15T11:59:59Z", "2026-12-15T12:00:00Z", "2027-01-15T12:00:00Z")]
    [InlineData("2026-11-15T12:00:00Z", "2026-11-15T12:00:00Z", "2026-11-15T12:00:00Z", "2026-12-15T12:00:00Z")]
    public void Anniversary_WhenMonthsAreShort_ReturnsToTheAnchorsDay(string anchor, string now, string start, string end) =>
        Assert.Equal(new BucketPeriod(At(start), At(end)), BucketPeriod.Anniversary(At(anchor), At(now)));

    [Fact]
    public void UtcDay_WhenAskedFromAnotherZone_IsUtcs() =>
        Assert.Equal(new BucketPeriod(At("2026-11-22T00:00:00Z"), At("2026-11-23T00:00:00Z")), BucketPeriod.UtcDay(DateTimeOffset.Parse("2026-11-23T01:30:00+03:00")));

    [Fact]
    public void CalendarMonth_InDecember_EndsWithTheYear() =>
        Assert.Equal(new BucketPeriod(At("2026-12-01T00:00:00Z"), At("2027-01-01T00:00:00Z")), BucketPeriod.CalendarMonth(At("2026-12-31T23:59:59Z")));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
