using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>An account at its provider, who counts for itself: throws when the contract's limits are exceeded, and fails as its faults say.</summary>
internal sealed class ProviderAccount(string id, AccountLimits limits, IReadOnlyList<Fault> faults)
{
    private readonly Queue<long> _minute = [];
    private readonly Queue<long> _day = [];
    private (long Id, int Count) _window;
    private (long Id, int Count) _fixedDay;
    private (long Id, int Count, long Cents) _month;

    public string Id => id;
    public AccountLimits Limits => limits;
    public int InFlight { get; set; }
    public int Served { get; private set; }
    public long LastFault { get; private set; } = -1;
    public long LastSuccess { get; private set; } = -1;

    /// <summary>A request arrives; returns its fault, if it has one.</summary>
    public Fault? Accept(long now, int cost)
    {
        InFlight++;
        Require(InFlight <= limits.Concurrency, now, "concurrency");
        var sliding = limits.Window == LimitWindow.Sliding;
        if (limits.RequestsPerMinute is { } rpm)
            Require(sliding ? Slide(_minute, now, 60_000) <= rpm : Fix(ref _window, now / 60_000) <= rpm, now, "requests per minute");
        if (limits.RequestsPerDay is { } rpd)
            Require(sliding ? Slide(_day, now, 86_400_000) <= rpd : Fix(ref _fixedDay, now / 86_400_000) <= rpd, now, "requests per day");
        var month = RotationTwin.MonthOf(now / 86_400_000);
        _month = _month.Id == month ? (month, _month.Count + 1, _month.Cents + cost) : (month, 1, cost);
        Require(_month.Count <= (limits.RequestsPerMonth ?? int.MaxValue), now, "requests per month");
        Require(_month.Cents <= (limits.SpendCentsPerMonth ?? long.MaxValue), now, "spend per month");
        var fault = faults.FirstOrDefault(f => now >= f.From && now < f.To);
        if (fault is not null)
            LastFault = now;
        return fault;
    }

    public void Succeed(long now) => (Served, LastSuccess) = (Served + 1, now);

    private static int Slide(Queue<long> window, long now, long length)
    {
        while (window.Count > 0 && window.Peek() <= now - length)
            window.Dequeue();
        window.Enqueue(now);
        return window.Count;
    }

    private static int Fix(ref (long Id, int Count) window, long at) => (window = window.Id == at ? (at, window.Count + 1) : (at, 1)).Count;

    private void Require(bool holds, long now, string limit)
    {
        if (!holds)
            throw new InvalidOperationException($"{limit} of account {id} exceeded at {now}");
    }
}

/// <summary>What is wrong with an account for a while.</summary>
/// <param name="RetryAfter">Milliseconds; 0 where the provider says nothing.</param>
internal sealed record Fault(long From, long To, ErrorClass Class, long RetryAfter);
