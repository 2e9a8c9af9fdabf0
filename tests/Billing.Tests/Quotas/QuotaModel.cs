using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Quotas;
using Son1kVers3.Contracts;

namespace Son1kVers3.Billing.Tests.Quotas;

/// <summary>The ledger as it should behave, in memory, for one member: what the database is compared with.</summary>
internal sealed class QuotaModel(Guid userId)
{
    internal sealed record Unit(
        string State, Guid Group, string? Fingerprint, int Attempt, Allowance Allowance, DateTimeOffset Period, DateTimeOffset ExpiresAt)
    {
        public bool IsHeld => State is "reserved" or "confirmed";
    }

    private readonly Dictionary<Guid, Unit> _units = [];

    public Account Account { get; set; } = new Account { UserId = userId };

    public IReadOnlyDictionary<Guid, Unit> Units => _units;

    /// <summary>Reserved and used units by bucket, counted from the units themselves.</summary>
    public Dictionary<(Allowance Allowance, DateTimeOffset Period), (int Reserved, int Used)> Buckets() => _units.Values
        .Where(u => u.State != "tombstone").GroupBy(u => (u.Allowance, u.Period))
        .ToDictionary(g => g.Key, g => (g.Count(u => u.IsHeld), g.Count(u => u.State == "committed")));

    public string Reserve(ReserveQuota ask, DateTimeOffset now)
    {
        var fingerprint = QuotaLedger.Fingerprint(ask);
        if (_units.TryGetValue(ask.ReservationId, out var known))
        {
            if (known.State != "tombstone" && known.Fingerprint != fingerprint)
                return "reservation-conflict";
            if (known.IsHeld || known.State == "committed")
                return Reopen(ask);
            if (known.State != "expired" && ask.Attempt <= known.Attempt)
                return "reservation-released";
        }

        if (ask.FurtherIds.Any(
            id => _units.TryGetValue(id, out var other)
                && (other.Group != ask.ReservationId || other.State is not ("expired" or "released"))))
            return "reservation-conflict";
        return Take(ask, fingerprint, now);
    }

    public string Settle(Guid id, string action)
    {
        if (!_units.TryGetValue(id, out var unit))
        {
            if (action != "release")
                return "unknown";
            _units[id] = new Unit("tombstone", id, null, 0, default, default, default);
            return "tombstone";
        }

        var state = (action, unit.State) switch
        {
            ("confirm", "reserved" or "expired") => "confirmed",
            ("commit", not ("committed" or "tombstone")) => "committed",
            ("release", "reserved" or "confirmed" or "expired") => "released",
            _ => unit.State,
        };
        _units[id] = unit with { State = state };
        return state;
    }

    public string ReleaseAsked(Guid id)
    {
        var result = Settle(id, "release");
        foreach (var (other, unit) in _units.Where(u => u.Value.Group == id && u.Key != id && u.Value.State == "reserved").ToList())
            _units[other] = unit with { State = "released" };
        return result;
    }

    public bool Expire(DateTimeOffset now)
    {
        var overdue = _units.Where(u => u.Value.State == "reserved" && u.Value.ExpiresAt <= now).ToList();
        foreach (var (id, unit) in overdue)
            _units[id] = unit with { State = "expired" };
        return overdue.Count > 0;
    }

    private string Reopen(ReserveQuota ask)
    {
        foreach (var id in (Guid[])[ask.ReservationId, .. ask.FurtherIds])
        {
            if (_units.TryGetValue(id, out var unit) && unit.Group == ask.ReservationId && unit.Attempt < ask.Attempt)
                _units[id] = unit with { Attempt = ask.Attempt };
        }

        return "granted";
    }

    private string Take(ReserveQuota ask, string fingerprint, DateTimeOffset now)
    {
        var entitlement = Account.EntitlementAt(now);
        var key = (entitlement.Allowance, Account.BucketAt(now).Start);
        var denial = Deny();
        if (denial == "quota-exceeded" && Expire(now))
            denial = Deny();
        if (denial is not null)
            return denial;
        foreach (var id in (Guid[])[ask.ReservationId, .. ask.FurtherIds])
        {
            var group = _units.TryGetValue(id, out var before) ? before.Group : ask.ReservationId;
            _units[id] = new Unit("reserved", group, fingerprint, ask.Attempt, key.Allowance, key.Start, now + QuotaLedger.Lifetime);
        }

        return "granted";

        string? Deny()
        {
            var (reserved, used) = Buckets().GetValueOrDefault(key);
            if (ask.Quality > entitlement.Plan.BestQuality)
                return "quality-not-in-tier";
            if (ask.Stems && !entitlement.Plan.Features.Stems)
                return "stems-not-in-tier";
            return reserved + used + 1 + ask.FurtherIds.Count > entitlement.Units ? "quota-exceeded" : null;
        }
    }
}
