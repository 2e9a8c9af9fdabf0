using Microsoft.Extensions.Time.Testing;
using Son1kVers3.AppHost.Lifetime;

namespace Son1kVers3.AppHost.Tests.Lifetime;

[Trait("Category", "Unit")]
public sealed class BackoffTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Ended_WhenItDoesNotLast_DoublesUpToHalfAMinute()
    {
        var backoff = new Backoff(_clock);

        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => backoff.Ended().TotalSeconds)];

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], seconds);
        Assert.Equal(9, backoff.Failures);
    }

    [Fact]
    public void Ended_AfterAMinuteOfLife_BeginsAnew()
    {
        var backoff = new Backoff(_clock);
        backoff.Ended();
        backoff.Ended();
        backoff.Started();
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(0.5), backoff.Ended());
        Assert.Equal(1, backoff.Failures);
    }
}
