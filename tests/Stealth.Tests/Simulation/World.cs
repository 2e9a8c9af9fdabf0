using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>What became of a run.</summary>
internal sealed record Outcome(int Succeeded, int Refused, int WithReplica, int Attempts, IReadOnlyDictionary<string, int> Served);

/// <summary>A virtual platform: replicas with one shared rotation, a provider with its own counts and faults, and a clock that jumps from event to event.</summary>
/// <remarks>
/// The rules are the product's (health machine, key figures of the rotation and of the usage ledger); only the scripts are their twin. Replicas renew their
/// slots, one of them dies and comes back, and Redis forgets everything now and then, to be rebuilt from what the ledger recorded.
/// </remarks>
internal sealed class World
{
    private const long Slot = 15_000;
    private const long Renewal = 3_000;
    private const int MostFailures = 5;
    private static readonly HealthPolicy Policy = new();
    private static readonly long Start = new DateTimeOffset(2026, 11, 30, 22, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private readonly Random _random;
    private readonly Scenario _scenario;
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly Dictionary<string, ProviderAccount> _provider;
    private readonly Dictionary<string, HealthState> _health = [];
    private readonly Dictionary<(string Account, long Hour), int> _recorded = [];
    private readonly Dictionary<string, Request> _running = [];
    private readonly LinkedList<Request> _waiting = [];
    private readonly bool[] _alive = [true, true, true];
    private RotationTwin _twin;
    private long _now = Start;
    private long _order;
    private long _ticket;
    private bool _retrying;
    private int _succeeded, _refused, _died, _attempts;

    public World(Scenario scenario, int seed)
    {
        (_scenario, _random) = (scenario, new Random(seed));
        _provider = scenario.Accounts(_random, Start).ToDictionary(a => a.Id);
        foreach (var id in _provider.Keys)
            _health[id] = HealthState.New;
        _twin = Build(after: false);
    }

    public Outcome Run()
    {
        var at = Start;
        for (var i = 0; i < _scenario.Requests; i++)
        {
            at += (long)(-Math.Log(1 - _random.NextDouble()) * _scenario.MeanGapMs);
            At(at, () => Arrive(new Request($"u{_random.Next(1000)}", _random.Next(3), _now + _scenario.PatienceMs)));
        }

        for (var time = Start; time < at; time += Renewal)
            At(time, Renew);
        foreach (var share in _scenario.RedisLosses)
            At(Start + (long)((at - Start) * share), LoseRedis);
        foreach (var share in _scenario.ReplicaDeaths)
        {
            var replica = _random.Next(3);
            At(Start + (long)((at - Start) * share), () => Die(replica));
            At(Start + (long)((at - Start) * (share + 0.05)), () => _alive[replica] = true);
        }

        while (_events.TryDequeue(out var action, out var key))
        {
            _now = key.At;
            action();
        }

        Require(_succeeded + _refused + _died == _scenario.Requests, $"{_scenario.Requests - _succeeded - _refused - _died} requests were lost");
        Require(_waiting.Count == 0 && _running.Count == 0, "requests still wait");
        foreach (var account in _provider.Values.Where(a => a.LastFault >= 0 && _now - a.LastFault > _scenario.MustRecoverWithinMs))
        {
            // Unless its limits are used up, or its provider's last word was a time that is not over, within what the policy lets it be.
            var reason = _twin.ReasonOf(account.Id, _now);
            var stillAway = _twin.Accounts[account.Id].Hu < account.LastFault + (1.3 * Policy.LongestBan.TotalMilliseconds) && reason is "cooling" or "banned";
            Require(
                account.LastSuccess > account.LastFault || stillAway || reason is "requests-per-day" or "requests-per-month" or "spend", $"account {account.Id} was not used again ({reason})");
        }

        return new Outcome(_succeeded, _refused, _died, _attempts, _provider.ToDictionary(p => p.Key, p => p.Value.Served));
    }

    private void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, _now), _order++));

    private void Arrive(Request request)
    {
        if (!_alive[request.Replica])
            request.Replica = Array.IndexOf(_alive, true);
        if (_waiting.Count > 0 || !TryTake(request))
            _waiting.AddLast(request);
        RetryLater(1);
    }

    /// <summary>True when the request is on its way, or refused: it need not wait any longer.</summary>
    private bool TryTake(Request request)
    {
        var ticket = $"t{++_ticket}";
        while (true)
        {
            var hint = _scenario.Strategy == Strategy.StickyByUser ? request.User : _random.Next().ToString();
            var answer = _twin.Take(_now, "take", ticket, Slot, _scenario.CostCents, hint, request.Tried);
            switch (answer.Kind)
            {
                case 1:
                    Send(request, ticket, answer.Account!);
                    return true;
                case 2:
                    Record(answer.Account!, answer.Number);
                    continue;
                case 0 when request.Tried.Count > 0:
                    request.Tried.Clear();
                    continue;
            }

            if (answer.Number < 0 || answer.Number > request.Deadline || _now >= request.Deadline)
            {
                _refused++;
                return true;
            }

            request.Next = answer.Number == 0 ? _now + 50 : Math.Min(answer.Number, _now + 1_000);
            return false;
        }
    }

    private void Send(Request request, string ticket, string account)
    {
        _attempts++;
        var provider = _provider[account];
        var fault = provider.Accept(_now, _scenario.CostCents);
        (request.Ticket, request.Account, request.Begun) = (ticket, account, _now);
        _running[ticket] = request;
        var duration = fault is { Class: not ErrorClass.Transient } ? 30 : _scenario.MeanDurationMs / 2 + _random.Next(_scenario.MeanDurationMs);
        At(_now + duration, () => Finish(request, ticket, fault));
    }

    private void Finish(Request request, string ticket, Fault? fault)
    {
        // Its replica died meanwhile.
        if (!_running.Remove(ticket))
            return;
        var provider = _provider[request.Account];
        provider.InFlight--;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_now);
        var before = _health[request.Account];
        Observation seen = fault is null
            ? new Observation.Succeeded(DateTimeOffset.FromUnixTimeMilliseconds(request.Begun))
            : new Observation.Failed(fault.Class, fault.RetryAfter > 0 ? now.AddMilliseconds(fault.RetryAfter) : null, "seen");
        var next = HealthMachine.Next(before, seen, Policy, now, _random.NextDouble());
        var away = next.Status is HealthStatus.Cooling or HealthStatus.Banned ? next.Until!.Value.ToUnixTimeMilliseconds() : 0;
        _twin.Done(_now, request.Account, ticket, fault is null ? 0 : away, 0, 0);
        if (!ReferenceEquals(next, before))
        {
            _health[request.Account] = next;
            // Over the database, a moment later.
            var (account, version) = (request.Account, next.Version);
            At(_now + 5, () => Push(account, version));
        }

        if (fault is null)
        {
            provider.Succeed(_now);
            _succeeded++;
        }
        else
        {
            Retry(request, fault);
        }

        RetryLater(0);
    }

    private void Push(string account, long version)
    {
        var state = _health[account];
        if (state.Version == version)
            _twin.SetHealth(account, state.Status.Name(), state.Status is HealthStatus.Cooling or HealthStatus.Banned ? state.Until!.Value.ToUnixTimeMilliseconds() : 0);
    }

    private void Retry(Request request, Fault fault)
    {
        request.Failures += fault.Class.Refuses() ? 0 : 1;
        request.Tried.Add(request.Account);
        if (request.Failures >= MostFailures || _now >= request.Deadline)
            _refused++;
        else if (!TryTake(request))
            _waiting.AddFirst(request);
    }

    /// <summary>The heads of the lines ask again.</summary>
    private void RetryLater(long after)
    {
        if (_retrying || _waiting.Count == 0)
            return;
        _retrying = true;
        At(_now + after, () =>
        {
            _retrying = false;
            while (_waiting.First is { } head && TryTake(head.Value))
                _waiting.Remove(head);
            if (_waiting.First is { } waits)
                RetryLater(Math.Max(1, waits.Value.Next - _now));
        });
    }

    private void Record(string account, long hour)
    {
        var advance = UsageLedger.AdvanceOf(_provider[account].Limits, _scenario.Rest);
        _recorded[(account, hour)] = _recorded.GetValueOrDefault((account, hour)) + advance;
        _twin.Credit(_now, account, hour, advance, _scenario.CostCents * advance);
    }

    private void Renew()
    {
        foreach (var (ticket, request) in _running)
            _twin.Accounts[request.Account].Slots[ticket] = _now + Slot;
    }

    private void Die(int replica)
    {
        if (_alive.Count(a => a) == 1)
            return;
        _alive[replica] = false;
        foreach (var (ticket, request) in _running.Where(r => r.Value.Replica == replica).ToList())
        {
            _running.Remove(ticket);
            _provider[request.Account].InFlight--;
            _died++;
        }

        foreach (var request in _waiting.Where(r => r.Replica == replica).ToList())
        {
            _waiting.Remove(request);
            _died++;
        }

        RetryLater(0);
    }

    /// <summary>As <c>seed.lua</c> builds it from the database.</summary>
    private void LoseRedis()
    {
        _twin = Build(after: true);
        RetryLater(1);
    }

    private RotationTwin Build(bool after)
    {
        var twin = new RotationTwin(_scenario.Strategy);
        foreach (var provider in _provider.Values)
        {
            var (limits, state) = (provider.Limits, _health[provider.Id]);
            var account = new TwinAccount(provider.Id)
            {
                Conc = limits.Concurrency,
                Rpm = limits.RequestsPerMinute ?? 0,
                Rpd = limits.RequestsPerDay ?? 0,
                Rpmo = limits.RequestsPerMonth ?? 0,
                Spend = limits.SpendCentsPerMonth ?? 0,
                Slide = limits.Window == LimitWindow.Sliding,
                RestN = _scenario.Rest?.Requests ?? 0,
                RestMs = (long)((_scenario.Rest?.Minutes ?? 0) * 60_000),
                Weight = _scenario.WeightOf(provider.Id),
                St = state.Status.Name(),
                Hu = state.Status is HealthStatus.Cooling or HealthStatus.Banned ? state.Until!.Value.ToUnixTimeMilliseconds() : 0,
            };
            if (after)
                Remember(account);
            twin.Add(account);
        }

        return twin;
    }

    private void Remember(TwinAccount account)
    {
        var (hour, day) = (_now / 3_600_000, _now / 86_400_000);
        var month = RotationTwin.MonthOf(day);
        var mine = _recorded.Where(r => r.Key.Account == account.Id).ToList();
        foreach (var ((_, at), requests) in mine.Where(r => r.Key.Hour >= hour - 25))
            account.Hours[at] = requests;
        (account.DayId, account.DayN) = (day, mine.Where(r => r.Key.Hour / 24 == day).Sum(r => r.Value));
        var thisMonth = mine.Where(r => RotationTwin.MonthOf(r.Key.Hour / 24) == month).Sum(r => r.Value);
        (account.MonId, account.MonN, account.MonC) = (month, thisMonth, thisMonth * _scenario.CostCents);
        var last = mine.Where(r => r.Key.Hour >= hour - 1).Sum(r => r.Value);
        if (last == 0)
            return;
        account.Bu = _now + (account.Rpm > 0 ? 60_000 : Slot);
        if (account.RestN > 0)
            (account.Ru, account.Rn) = last >= account.RestN ? (_now + account.RestMs, 0) : (0, last);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }

    private sealed class Request(string user, int replica, long deadline)
    {
        public string User => user;
        public int Replica { get; set; } = replica;
        public long Deadline => deadline;
        public string Ticket { get; set; } = "";
        public string Account { get; set; } = "";
        public long Begun { get; set; }
        public long Next { get; set; }
        public int Failures { get; set; }
        public HashSet<string> Tried { get; } = [];
    }
}
