using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Stealth.Health;
using static Son1kVers3.Stealth.Health.HealthStatus;

namespace Son1kVers3.Stealth.Tests.Health;

[Trait("Category", "Unit")]
public sealed class HealthMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly HealthPolicy Policy = new() { Jitter = 0 };

    /// <summary>State, failures before, what is seen → status, and seconds away.</summary>
    [Theory]
    [InlineData("healthy", 0, "ok", "healthy", null)]
    [InlineData("healthy", 0, "transient", "degraded", null)]
    [InlineData("degraded", 1, "transient", "degraded", null)]
    [InlineData("degraded", 2, "transient", "cooling", 5)]
    [InlineData("degraded", 1, "ok", "degraded", null)]
    [InlineData("healthy", 0, "rate-limited", "cooling", 5)]
    [InlineData("healthy", 0, "rate-limited 40", "cooling", 40)]
    [InlineData("healthy", 0, "transient 30", "cooling", 30)]
    [InlineData("healthy", 0, "concurrency-limited", "cooling", 1)]
    [InlineData("healthy", 0, "quota-exhausted", "cooling", 900)]
    [InlineData("healthy", 0, "quota-exhausted 60", "cooling", 60)]
    [InlineData("healthy", 0, "unauthorized", "banned", 900)]
    [InlineData("degraded", 2, "unauthorized", "banned", 900)]
    [InlineData("healthy", 0, "content-rejected", "healthy", null)]
    [InlineData("healthy", 0, "invalid-request", "healthy", null)]
    [InlineData("degraded", 2, "content-rejected", "degraded", null)]
    [InlineData("cooling 10", 3, "ok", "cooling", 10)]
    [InlineData("cooling 10", 3, "transient", "cooling", 10)]
    [InlineData("cooling 10", 3, "rate-limited", "cooling", 10)]
    [InlineData("cooling 10", 3, "rate-limited 5", "cooling", 10)]
    [InlineData("cooling 10", 3, "rate-limited 20", "cooling", 20)]
    [InlineData("cooling 10", 3, "unauthorized", "banned", 900)]
    [InlineData("cooling -1", 3, "ok", "degraded", null)]
    [InlineData("cooling -1", 3, "transient", "cooling", 10)]
    [InlineData("cooling -1", 3, "rate-limited", "cooling", 10)]
    [InlineData("banned 600", 1, "ok", "banned", 600)]
    [InlineData("banned 600", 1, "transient", "banned", 600)]
    [InlineData("banned 600", 1, "rate-limited 900", "banned", 900)]
    [InlineData("banned -1", 1, "ok", "degraded", null)]
    [InlineData("banned -1", 1, "unauthorized", "banned", 1800)]
    [InlineData("disabled", 0, "ok", "disabled", null)]
    [InlineData("disabled", 0, "unauthorized", "disabled", null)]
    [InlineData("disabled", 0, "rate-limited 60", "disabled", null)]
    [InlineData("disabled", 0, "set healthy", "healthy", null)]
    [InlineData("banned 600", 1, "set healthy", "healthy", null)]
    [InlineData("cooling 600", 1, "set disabled", "disabled", null)]
    [InlineData("healthy", 0, "set cooling 60", "cooling", 60)]
    [InlineData("healthy", 0, "eject", "cooling", 5)]
    [InlineData("cooling 10", 0, "eject", "cooling", 10)]
    [InlineData("cooling 10", 0, "readmit", "cooling", 10)]
    public void Next_FollowsTheTable(string state, int failures, string seen, string status, int? away)
    {
        var next = HealthMachine.Next(State(state, failures), Seen(seen), Policy, Now, jitter: 0);

        Assert.Equal(status, next.Status.Name());
        Assert.Equal(away, next.Until is { } until ? (int)(until - Now).TotalSeconds : null);
    }

    [Fact]
    public void Next_WhenCooldownsFollowEachOther_DoublesThemUpToTheLongest()
    {
        var state = HealthState.New;
        var (now, lengths) = (Now, new List<double>());
        for (var i = 0; i < 10; i++)
        {
            state = HealthMachine.Next(state, new Observation.Failed(ErrorClass.RateLimited, null, "429"), Policy, now, 0);
            lengths.Add((state.Until!.Value - now).TotalSeconds);
            now = state.Until.Value;
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 900, 900], lengths);
    }

    [Fact]
    public void Next_WhenTenRequestsFailTogether_CountsOneCooldown()
    {
        var state = HealthState.New;
        for (var i = 0; i < 10; i++)
            state = HealthMachine.Next(state, new Observation.Failed(ErrorClass.RateLimited, null, "429"), Policy, Now.AddMilliseconds(i), 0);

        Assert.Equal(1, state.Cooldowns);
        Assert.Equal(Now.AddSeconds(5), state.Until);
    }

    [Fact]
    public void Next_WhenAnAccountComesBack_NeedsSuccessesToForgetItsCooldowns()
    {
        var state = State("cooling -1", 3);
        var statuses = new List<HealthStatus>();
        for (var i = 0; i < 3; i++)
        {
            state = HealthMachine.Next(state, new Observation.Succeeded(Now), Policy, Now, 0);
            statuses.Add(state.Status);
        }

        Assert.Equal([Degraded, Degraded, Healthy], statuses);
        Assert.Equal(0, state.Cooldowns);
    }

    [Fact]
    public void Next_WhenASuccessWasSentBeforeTheCooldownEnded_IsNoProbe()
    {
        var cooling = State("cooling 10", 3);

        Assert.Equal(Cooling, HealthMachine.Next(cooling, new Observation.Succeeded(Now), Policy, Now.AddSeconds(20), 0).Status);
        Assert.Equal(Degraded, HealthMachine.Next(cooling, new Observation.Succeeded(Now.AddSeconds(11)), Policy, Now.AddSeconds(20), 0).Status);
    }

    [Fact]
    public void Next_WhenAnOutlierIsNeeded_TakesItBack()
    {
        var ejected = HealthMachine.Next(HealthState.New, new Observation.Ejected("90% failed"), Policy, Now, 0);

        Assert.Equal(Degraded, HealthMachine.Next(ejected, new Observation.Readmitted("panic"), Policy, Now, 0).Status);
    }

    [Fact]
    public void Next_WhateverIsSeen_NeverShortensARunningCooldown_NorKeepsAnAccountAwayForEver() => Prop.ForAll(Histories(), history =>
    {
        var (state, now) = (HealthState.New, Now);
        foreach (var (kind, pause, retry, jitter) in history)
        {
            now += TimeSpan.FromSeconds(pause);
            var before = state;
            state = HealthMachine.Next(state, Event(kind, retry, now), new HealthPolicy(), now, jitter / 100.0);
            if (before.Status is Cooling or Banned && before.Until > now && state.Until < before.Until)
                return false;
            if (state.Status is Cooling or Banned && (state.Until is null || state.Until > now + TimeSpan.FromDays(32)))
                return false;
            if (state.Version < before.Version || (state.Status == Healthy && (state.Failures, state.Cooldowns) != (0, 0)))
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<(int Kind, int Pause, int Retry, int Jitter)[]> Histories() =>
        (from kind in Gen.Choose(0, 7)
         from pause in Gen.Choose(0, 600)
         from retry in Gen.Choose(-10, 2000)
         from jitter in Gen.Choose(0, 100)
         select (kind, pause, retry, jitter)).ArrayOf().ToArbitrary();

    private static Observation Event(int kind, int retry, DateTimeOffset now) => kind == 7
        ? new Observation.Succeeded(now.AddSeconds(-1))
        : new Observation.Failed((ErrorClass)kind, retry > 0 ? now.AddSeconds(retry) : null, "seen");

    private static HealthState State(string text, int failures)
    {
        var parts = text.Split(' ');
        var status = Enum.Parse<HealthStatus>(parts[0], ignoreCase: true);
        var cooldowns = status is Cooling or Banned ? 1 : 0;
        return new HealthState
        {
            Status = status,
            Since = Now.AddMinutes(-1),
            Until = parts.Length > 1 ? Now.AddSeconds(int.Parse(parts[1])) : null,
            Failures = failures,
            Cooldowns = cooldowns,
            Reason = "earlier",
        };
    }

    private static Observation Seen(string text)
    {
        var parts = text.Split(' ');
        DateTimeOffset? At(int index) => parts.Length > index ? Now.AddSeconds(int.Parse(parts[index])) : null;
        return parts[0] switch
        {
            "ok" => new Observation.Succeeded(Now),
            "eject" => new Observation.Ejected("slow"),
            "readmit" => new Observation.Readmitted("panic"),
            "set" => new Observation.Overridden(Enum.Parse<HealthStatus>(parts[1], ignoreCase: true), "by hand", At(2)),
            var error => new Observation.Failed(Enum.GetValues<ErrorClass>().Single(c => c.Name() == error), At(1), "seen"),
        };
    }
}
