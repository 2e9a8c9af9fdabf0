using Son1kVers3.Profile.Digest;
using Son1kVers3.Profile.Notifications;

namespace Son1kVers3.Profile.Tests;

public sealed class QuietHoursTests
{
    private static readonly TimeZoneInfo Madrid = LocalTime.Zone("Europe/Madrid");

    // Summer time in Madrid begins on 2026-03-29 at 02:00 (then 03:00) and ends on 2026-10-25 at 03:00 (then 02:00 again).
    [Theory]
    [InlineData("22:00", "07:00", "2026-01-10T22:30:00Z", "2026-01-11T06:00:00Z", "over midnight, before it")]
    [InlineData("22:00", "07:00", "2026-01-11T05:59:59Z", "2026-01-11T06:00:00Z", "over midnight, after it")]
    [InlineData("22:00", "07:00", "2026-01-11T06:00:00Z", null, "the end is not quiet any more")]
    [InlineData("22:00", "07:00", "2026-01-10T20:59:59Z", null, "a second before the start")]
    [InlineData("13:00", "15:00", "2026-07-10T12:00:00Z", "2026-07-10T13:00:00Z", "in summer, on one day")]
    [InlineData("22:00", "07:00", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z", "the night that is an hour shorter")]
    [InlineData("22:00", "07:00", "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z", "the night that is an hour longer")]
    [InlineData("23:00", "02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z", "an end that the clock skips comes as much later")]
    [InlineData("23:00", "02:30", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z", "an end that comes twice: the first")]
    [InlineData("23:00", "02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z", "an end that comes twice: quiet again before the second")]
    public void Quiet_ByTheMembersClock_EndsAtTheFirstSuchInstant(string from, string to, string now, string? end, string why)
    {
        var quiet = new QuietHours(TimeOnly.Parse(from), TimeOnly.Parse(to));
        var actual = quiet.EndAfter(DateTimeOffset.Parse(now), Madrid);
        Assert.True(actual == (end is null ? null : DateTimeOffset.Parse(end)), $"{why}: {actual:u}");
    }

    [Fact]
    public void Quiet_AtEachMinuteOfAYear_EndsLaterAndWithinADay()
    {
        var quiet = new QuietHours(new(22, 15), new(2, 45));
        for (var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); now.Year == 2026; now = now.AddMinutes(1))
        {
            if (quiet.EndAfter(now, Madrid) is { } end)
                Assert.True(end > now && end - now <= TimeSpan.FromHours(5.5) && !quiet.Contains(TimeOnly.FromDateTime(end.In(Madrid))), $"{now:u} → {end:u}");
        }
    }

    [Fact]
    public void BestHour_OfAMembersActivity_IsTheirCommonestThatIsNotQuiet()
    {
        DateTimeOffset At(int day, int utcHour) => new(2026, 7, day, utcHour, 20, 0, TimeSpan.Zero);
        DateTimeOffset[] activity = [At(1, 21), At(2, 21), At(3, 21), At(1, 6), At(2, 6), At(4, 15)];
        Assert.Equal(23, BestHour.Of(activity, Madrid, quiet: null));
        Assert.Equal(8, BestHour.Of(activity, Madrid, new QuietHours(new(22, 0), new(7, 0))));
        Assert.Equal(BestHour.Default, BestHour.Of([], Madrid, quiet: null));
        Assert.Equal(20, BestHour.Of([], Madrid, new QuietHours(new(12, 0), new(20, 0))));
    }

    [Theory]
    [InlineData("2026-07-10T05:00:00Z", null, "2026-07-10T06:00:00Z")]
    [InlineData("2026-07-10T06:00:00Z", null, "2026-07-11T06:00:00Z")]
    [InlineData("2026-07-10T05:00:00Z", "2026-07-10", "2026-07-11T06:00:00Z")]
    [InlineData("2026-10-24T07:00:00Z", "2026-10-24", "2026-10-25T07:00:00Z")]
    public void NextDigest_ByTheMembersClock_IsOnAnotherDayThanTheLast(string now, string? last, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), BestHour.Next(8, Madrid, DateTimeOffset.Parse(now), last is null ? null : DateOnly.Parse(last)));
}
