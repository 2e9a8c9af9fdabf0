using System.Collections.Frozen;
using Son1kVers3.Stealth.Dialects;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>A provider with its accounts, as of a moment.</summary>
internal sealed record ProviderFleet(Dialect Dialect, ProviderSettings Settings, IReadOnlyList<Account> Accounts);

/// <summary>All that is configured, as of a moment. Immutable by custom: nobody writes to its rows.</summary>
internal sealed class FleetSnapshot
{
    public static readonly FleetSnapshot Empty = new([], [], []);

    public FleetSnapshot(IReadOnlyList<ProviderSettings> settings, IReadOnlyList<Account> accounts, IReadOnlyList<Proxy> proxies)
    {
        var configured = settings.ToDictionary(s => s.Name);
        Providers = DialectCatalog.All.ToFrozenDictionary(d => d.Name, d => new ProviderFleet(
            d, configured.GetValueOrDefault(d.Name) ?? ProviderSettings.Default(d), [.. accounts.Where(a => a.Provider == d.Name).OrderBy(a => a.Id)]));
        Accounts = accounts.ToFrozenDictionary(a => a.Id);
        Proxies = proxies.ToFrozenDictionary(p => p.Id);
    }

    public FrozenDictionary<string, ProviderFleet> Providers { get; }
    public FrozenDictionary<Guid, Account> Accounts { get; }
    public FrozenDictionary<Guid, Proxy> Proxies { get; }

    /// <summary>The proxy of an account.</summary>
    public Proxy? ProxyOf(Account account) => account.ProxyId is { } id ? Proxies.GetValueOrDefault(id) : null;
}
