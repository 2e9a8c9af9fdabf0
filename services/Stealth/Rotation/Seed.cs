using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>An account as <c>seed.lua</c> takes it.</summary>
internal sealed record Seed(
    string Id, long Version, IReadOnlyDictionary<string, double> Config, string St, long Hu, long Hv, long Xu, long Xv,
    IReadOnlyDictionary<string, long[]> Hours, int Month, long MonN, long MonC, IReadOnlyDictionary<string, long> Leases)
{
    /// <summary>The end of time, for what lasts until an operator ends it.</summary>
    private const long Forever = 253_402_300_799_000;

    public static Seed Of(Account account, Proxy? proxy, ProviderSettings provider, Usage usage, IEnumerable<Lease> leases, DateTimeOffset now) => new(
        RotationStore.Id(account.Id),
        // Both only grow, so that their sum tells older from newer.
        account.Version + provider.Version,
        ConfigOf(account, provider.Rest),
        account.Health.Status.Name(),
        account.Health.IsAvailable(DateTimeOffset.MinValue) ? 0 : AwayUntil(account.Health),
        account.Health.Version,
        proxy is null || proxy.Health.Status is HealthStatus.Healthy or HealthStatus.Degraded ? 0 : AwayUntil(proxy.Health),
        proxy?.Health.Version ?? 0,
        usage.Hours.ToDictionary(h => h.Key.ToString(), h => h.Value),
        (now.Year * 12) + now.Month - 1,
        usage.MonthRequests,
        usage.MonthCents,
        leases.ToDictionary(l => l.Id.ToString("N"), l => l.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>Until when, in milliseconds.</summary>
    public static long AwayUntil(HealthState health) => health.Status == HealthStatus.Disabled ? Forever : (health.Until ?? health.Since).ToUnixTimeMilliseconds();

    private static Dictionary<string, double> ConfigOf(Account account, Rest? rest) => new()
    {
        ["conc"] = account.Limits.Concurrency,
        ["rpm"] = account.Limits.RequestsPerMinute ?? 0,
        ["rpd"] = account.Limits.RequestsPerDay ?? 0,
        ["rpmo"] = account.Limits.RequestsPerMonth ?? 0,
        ["spend"] = account.Limits.SpendCentsPerMonth ?? 0,
        ["slide"] = account.Limits.Window == LimitWindow.Sliding ? 1 : 0,
        ["restN"] = rest?.Requests ?? 0,
        ["restMs"] = Math.Round((rest?.Minutes ?? 0) * 60_000),
        ["weight"] = account.Weight,
    };
}
