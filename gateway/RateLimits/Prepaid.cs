namespace Son1kVers3.Gateway.RateLimits;

/// <summary>What Redis said to one ask.</summary>
/// <param name="Granted">Requests that it counted; 0 when it counted none, or did not answer.</param>
/// <param name="Reset">Until all would be there again, in microseconds.</param>
/// <param name="Refusal">What everybody who waited for it is told, where nothing was granted; null when Redis did not answer.</param>
internal sealed record Grant(long Granted, long Reset, RateDecision? Refusal);

/// <summary>Requests of one caller that Redis has counted before they came, and the one ask that is on its way.</summary>
/// <remarks>
/// Requests that come at once are asked for together: one ask is on its way, those that come meanwhile wait for it, and go into the next one if it was not
/// for them. Who sends one request after the other gets up to ten counted ahead, so that most of them ask nobody. What is not used within a second is
/// forfeited: together, gateways never allow more than the limit, and at most nine fewer for each gateway that the caller has just turned away from.
/// </remarks>
internal sealed class Prepaid
{
    private const int Most = 10;
    private const long Lifetime = 1_000_000;

    private int _size = 1;
    private int _left;
    private long _until;
    private long _arrival;
    private int _waiting;
    private Task<Grant>? _asking;

    /// <summary>Nothing of it is of use any more.</summary>
    public bool IsOver(long now)
    {
        lock (this)
            return _waiting == 0 && now >= _until;
    }

    /// <summary>Uses one that is there.</summary>
    /// <param name="now">In microseconds, as everywhere here.</param>
    public bool TryUse(long now, RateLimit limit, out RateDecision decision)
    {
        lock (this)
        {
            if (_left == 0 || now >= _until)
            {
                decision = default;
                return false;
            }

            _left--;
            var reset = Math.Max(limit.Interval, _arrival - now - (_left * limit.Interval));
            decision = Gcra.Decision(true, Math.Max(0, ((limit.Interval * limit.Burst) - reset) / limit.Interval), 0, reset);
            return true;
        }
    }

    /// <summary>Joins those who wait, and asks where nobody does; what was granted is there when it ends.</summary>
    /// <param name="clock">The time, before and after.</param>
    /// <param name="limit">Of the caller.</param>
    /// <param name="ask">Asks Redis for so many.</param>
    public async Task<Grant> AskAsync(Func<long> clock, RateLimit limit, Func<int, Task<Grant>> ask)
    {
        Task<Grant> asking;
        lock (this)
        {
            _waiting++;
            if (_asking is null or { IsCompleted: true })
                _asking = RunAsync(clock, Wanted(clock(), limit), ask);
            asking = _asking;
        }

        try
        {
            return await asking;
        }
        finally
        {
            lock (this)
                _waiting--;
        }
    }

    /// <summary>All who wait by now; or twice as many as last time, where those were used within their second.</summary>
    private int Wanted(long now, RateLimit limit)
    {
        _size = now < _until ? Math.Min(_size * 2, Math.Clamp(limit.Burst / Most, 1, Most)) : 1;
        return Math.Max(_size, _waiting);
    }

    private async Task<Grant> RunAsync(Func<long> clock, int wanted, Func<int, Task<Grant>> ask)
    {
        var grant = await ask(wanted);
        if (grant.Granted == 0)
            return grant;
        var now = clock();
        lock (this)
        {
            if (now >= _until)
                _left = 0;
            _left += (int)grant.Granted;
            (_until, _arrival) = (now + Lifetime, now + grant.Reset);
        }

        return grant;
    }
}
