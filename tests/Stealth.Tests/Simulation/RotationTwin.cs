using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>What a script answers: see <c>take.lua</c>.</summary>
internal readonly record struct TwinAnswer(int Kind, string? Account = null, long Number = 0, string? Reason = null);

/// <summary>The rotation's Lua scripts in memory, line for line: fast enough for millions of requests, and proved equal to them by <c>TwinTests</c>.</summary>
internal sealed class RotationTwin(Strategy strategy)
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 86_400_000;
    private readonly List<(double Score, string Id)> _order = [];
    private long _turn;
    private double _pass;
    private long _day, _month;
    private readonly Dictionary<string, string[]> _orders = [];
    private string[]? _sorted;

    public Dictionary<string, TwinAccount> Accounts { get; } = [];

    public void Add(TwinAccount account)
    {
        Accounts[account.Id] = account;
        _order.Add((0, account.Id));
        _order.Sort(Compare);
    }

    public TwinAnswer Take(long now, string mode, string ticket, long slot, int cost, string hint, IReadOnlyCollection<string> excluded)
    {
        var (earliest, reason) = (-1L, "none");
        var ids = Arrange(now, hint);
        for (var i = 0; i < _order.Count; i++)
        {
            var id = ids is null ? _order[i].Id : ids[i];
            if (excluded.Count > 0 && excluded.Contains(id))
                continue;
            var a = Accounts[id];
            a.Expire(now);
            var use = Count(a, now);
            var (why, at) = Why(a, now, mode, cost, use);
            if (why is null)
            {
                var hour = now / HourMs;
                if (mode != "rotate" && (a.CreditHour != hour || a.CreditN < 1 || a.CreditCents < cost))
                    return new TwinAnswer(2, id, hour);
                if (mode != "rotate")
                    Apply(a, now, mode, ticket, slot, cost, use);
                Rank(a);
                return new TwinAnswer(1, id);
            }

            if (at >= 0 && (earliest < 0 || at < earliest))
                (earliest, reason) = (at, why);
            if (earliest < 0)
                reason = why;
        }

        return new TwinAnswer(0, null, earliest, reason);
    }

    public void Done(long now, string id, string ticket, long cool, long reset, long remaining)
    {
        var a = Accounts[id];
        a.Slots.Remove(ticket);
        if (cool > 0)
        {
            a.Cu = Math.Max(a.Cu, cool);
            if (a.St is "healthy" or "degraded")
                a.St = "cooling";
        }

        if (reset > 0)
            (a.Pr, a.PrN) = (reset, remaining);
        a.Expire(now);
        if (strategy == Strategy.LeastUsed)
            Move(id, Place(a, a.Turn));
    }

    /// <summary>Why an account can't take a request now; null when it can.</summary>
    public string? ReasonOf(string id, long now)
    {
        var a = Accounts[id];
        a.Expire(now);
        return Why(a, now, "take", 0, Count(a, now)).Why;
    }

    public void Credit(long now, string id, long hour, int requests, int cents)
    {
        if (hour != now / HourMs)
            return;
        var a = Accounts[id];
        (a.CreditN, a.CreditCents) = a.CreditHour == hour ? (a.CreditN + requests, a.CreditCents + cents) : (requests, cents);
        a.CreditHour = hour;
    }

    public void SetHealth(string id, string status, long until) => (Accounts[id].St, Accounts[id].Hu) = (status, until);

    public static long MonthOf(long day)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(day * DayMs);
        return (date.Year * 12) + date.Month - 1;
    }

    /// <summary>Null for the order as it stands.</summary>
    private IReadOnlyList<string>? Arrange(long now, string hint)
    {
        switch (strategy)
        {
            case Strategy.Random:
                return Draw(now, long.Parse(hint, CultureInfo.InvariantCulture));
            case Strategy.StickyByUser when hint.Length > 0:
                if (_orders.TryGetValue(hint, out var known))
                    return known;
                return _orders[hint] = [.. Accounts.Keys.OrderBy(id => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(hint + id))), StringComparer.Ordinal)];
            default:
                return null;
        }
    }

    private IReadOnlyList<string> Draw(long now, long draw)
    {
        _sorted ??= [.. Accounts.Keys.Order(StringComparer.Ordinal)];
        var ids = _sorted;
        var n = ids.Length;
        if (n < 2)
            return ids;
        var first = (int)(draw % n);
        var second = (int)((first + 1 + (draw / n % (n - 1))) % n);
        var (one, other) = (Accounts[ids[first]], Accounts[ids[second]]);
        one.Expire(now);
        other.Expire(now);
        if (other.Load < one.Load)
            (first, second) = (second, first);
        var order = new List<string>(n) { ids[first], ids[second] };
        for (var i = 1; i < n; i++)
        {
            var at = (first + i) % n;
            if (at != second)
                order.Add(ids[at]);
        }

        return order;
    }

    private void Rank(TwinAccount a)
    {
        switch (strategy)
        {
            case Strategy.RoundRobin or Strategy.StickyByUser:
                Move(a.Id, ++_turn);
                break;
            case Strategy.LeastUsed:
                a.Turn = ++_turn;
                Move(a.Id, Place(a, a.Turn));
                break;
            case Strategy.Weighted:
                var at = Math.Max(_order[Find(a.Id)].Score, _pass);
                _pass = Nano(at);
                Move(a.Id, Nano(at + (1.0 / a.Weight)));
                break;
        }
    }

    private int Find(string id) => _order.FindIndex(o => o.Id == id);

    private void Move(string id, double score)
    {
        _order.RemoveAt(Find(id));
        var at = _order.BinarySearch((score, id), Comparer<(double, string)>.Create(Compare));
        _order.Insert(~at, (score, id));
    }

    private static int Compare((double Score, string Id) one, (double Score, string Id) other) =>
        one.Score.CompareTo(other.Score) is not 0 and var order ? order : string.CompareOrdinal(one.Id, other.Id);

    private static double Place(TwinAccount a, long turn) => (Math.Floor(a.Load * 1000) * 1e12) + turn;

    private static double Nano(double value) => double.Parse(value.ToString("F9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void Apply(TwinAccount a, long now, string mode, string ticket, long slot, int cost, Use use)
    {
        a.CreditN--;
        a.CreditCents -= cost;
        a.DayN = (a.DayId == now / DayMs ? a.DayN : 0) + 1;
        (a.DayId, a.MonId, a.MonN, a.MonC) = (now / DayMs, MonthOf(now / DayMs), use.Month + 1, use.Cents + cost);
        if (now < a.Pr)
            a.PrN--;
        if (!a.Slide)
            (a.MinId, a.MinN) = (now / 60_000, use.Minute + 1);
        else if (a.Rpm > 0)
            a.Minute.Enqueue(now);
        a.Hours[now / HourMs] = a.Hours.GetValueOrDefault(now / HourMs) + 1;
        if (mode != "take")
            return;
        a.Slots[ticket] = now + slot;
        if (a.RestN == 0)
            return;
        if (a.Rn + 1 >= a.RestN)
            (a.Ru, a.Rn) = (now + a.RestMs, 0);
        else
            a.Rn++;
    }

    private Use Count(TwinAccount a, long now)
    {
        var day = now / DayMs;
        if (day != _day)
            (_day, _month) = (day, MonthOf(day));
        var month = _month;
        var (minute, today) = (a.MinId == now / 60_000 ? a.MinN : 0, a.DayId == day ? a.DayN : 0);
        if (a.Slide)
        {
            while (a.Minute.Count > 0 && a.Minute.Peek() <= now - 60_000)
                a.Minute.Dequeue();
            minute = a.Rpm > 0 ? a.Minute.Count : 0;
            if (a.Rpd > 0)
            {
                today = 0;
                for (var hour = (now / HourMs) - 24; hour <= now / HourMs; hour++)
                    today += a.Hours.GetValueOrDefault(hour);
            }
        }

        return new Use(minute, today, a.MonId == month ? a.MonN : 0, a.MonId == month ? a.MonC : 0);
    }

    private static (string? Why, long At) Why(TwinAccount a, long now, string mode, int cost, Use use)
    {
        var away = Math.Max(a.Hu, a.Cu);
        if (a.St == "disabled")
            return ("disabled", -1);
        if (now < away)
            return (a.St == "banned" ? "banned" : "cooling", away);
        if (now < a.Xu)
            return ("proxy", a.Xu);
        if (now < a.Bu)
            return ("rebuilding", a.Bu);
        if (now < a.Pr && a.PrN <= 0)
            return ("provider-limit", a.Pr);
        if (mode != "call")
        {
            if (now < a.Ru)
                return ("resting", a.Ru);
            if (a.IsHalfOpen && a.Slots.Count >= 1)
                return ("probing", 0);
            if (a.Slots.Count >= a.Conc)
                return ("concurrency", 0);
        }

        if (a.Rpm > 0 && use.Minute >= a.Rpm)
            return ("requests-per-minute", a.Slide ? a.Minute.ElementAt((int)use.Minute - a.Rpm) + 60_000 : ((now / 60_000) + 1) * 60_000);
        if (a.Rpd > 0 && use.Day >= a.Rpd)
            return ("requests-per-day", a.Slide ? SlidingDayEnd(a, now, use.Day) : ((now / DayMs) + 1) * DayMs);
        if (a.Rpmo > 0 && use.Month >= a.Rpmo)
            return ("requests-per-month", MonthEnd(now));
        return a.Spend > 0 && use.Cents + cost > a.Spend ? ("spend", MonthEnd(now)) : (null, 0);
    }

    private static long SlidingDayEnd(TwinAccount a, long now, long left)
    {
        for (var hour = (now / HourMs) - 24; hour <= now / HourMs; hour++)
        {
            left -= a.Hours.GetValueOrDefault(hour);
            if (left < a.Rpd)
                return (hour + 25) * HourMs;
        }

        return ((now / HourMs) + 25) * HourMs;
    }

    private static long MonthEnd(long now)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(now);
        return new DateTimeOffset(date.Year, date.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1).ToUnixTimeMilliseconds();
    }

    private readonly record struct Use(long Minute, long Day, long Month, long Cents);
}
