using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Accounts;

/// <summary>An account as operators see it: of the secret only a mask.</summary>
/// <param name="AvailableInSeconds">0 when it can take a request now; null when nobody can say (a slot frees up at any moment, or an operator must act).</param>
/// <param name="Ineligible">Why it can't take a request now, or null.</param>
/// <param name="Remaining">What is left of each limit; null for those that are not set.</param>
internal sealed record AccountView(
    Guid Id, string Provider, string Name, string ContractHolder, string TermsUrl, string? BaseUrl, AccountLimits Limits, int Weight, IReadOnlyList<string> Tags, Guid? ProxyId,
    string SecretMask, DateTimeOffset? KeyExpiresAt, HealthStatus Status, string? Reason, DateTimeOffset? Until, double? AvailableInSeconds, string? Ineligible,
    RemainingLimits Remaining, DateTimeOffset CreatedAt);

/// <summary>What is left of each limit; null where there is none.</summary>
/// <param name="Rest">Requests until the account rests.</param>
/// <param name="ByProvider">What the provider itself said is left of its window.</param>
internal sealed record RemainingLimits(int Concurrency, long? RequestsPerMinute, long? RequestsPerDay, long? RequestsPerMonth, long? SpendCentsPerMonth, int? Rest, long? ByProvider);

/// <summary>Draws accounts with how they stand in the rotation.</summary>
internal sealed class AccountViews(FleetCache fleet, RotationStore rotation, TimeProvider clock)
{
    public async Task<AccountView> OfAsync(Account account, CancellationToken cancellationToken) => (await OfAsync([account], cancellationToken))[0];

    public async Task<IReadOnlyList<AccountView>> OfAsync(IReadOnlyList<Account> accounts, CancellationToken cancellationToken)
    {
        var standings = new Dictionary<Guid, Standing>();
        foreach (var provider in accounts.GroupBy(a => a.Provider).Where(p => fleet.Current.Providers.ContainsKey(p.Key)))
        {
            foreach (var standing in await InspectAsync(provider.Key, [.. provider.Select(a => a.Id)], cancellationToken))
                standings[standing.Account] = standing;
        }

        return [.. accounts.Select(a => Of(a, standings.GetValueOrDefault(a.Id)))];
    }

    /// <summary>An account that the rotation does not know of yet: all of its limits are left.</summary>
    public AccountView OfNew(Account account) => Of(account, new Standing(account.Id, null, null, 0, 0, 0, 0, 0, 0, null));

    private async Task<IReadOnlyList<Standing>> InspectAsync(string provider, IReadOnlyList<Guid> accounts, CancellationToken cancellationToken)
    {
        try
        {
            return await rotation.InspectAsync(provider, accounts, cancellationToken);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            // Without Redis the accounts are still shown, as unavailable.
            return [];
        }
    }

    private AccountView Of(Account a, Standing? standing)
    {
        var now = clock.GetUtcNow();
        var provider = fleet.Current.Providers.GetValueOrDefault(a.Provider)?.Settings;
        var key = KeyLifecycle.Current(a.Keys, now);
        var ineligible = provider is null ? "unknown-provider" : standing is null ? "state-away" : !provider.Enabled ? "provider-disabled" : key is null ? "no-key" : standing.Ineligible;
        return new AccountView(
            a.Id, a.Provider, a.Name, a.ContractHolder, a.TermsUrl, a.BaseUrl, a.Limits, a.Weight, a.Tags, a.ProxyId, key?.Mask ?? "", key?.ExpiresAt,
            a.Health.Status, a.Health.Reason, a.Health.Until, ineligible is null ? 0 : standing?.AvailableAt is { } at ? Math.Max(0, Math.Ceiling((at - now).TotalSeconds)) : null,
            ineligible, RemainingOf(a.Limits, provider?.Rest, standing), a.CreatedAt);
    }

    private static RemainingLimits RemainingOf(AccountLimits limits, Rest? rest, Standing? s) => new(
        Math.Max(0, limits.Concurrency - (s?.InFlight ?? limits.Concurrency)),
        Left(limits.RequestsPerMinute, s?.Minute), Left(limits.RequestsPerDay, s?.Day), Left(limits.RequestsPerMonth, s?.Month), Left(limits.SpendCentsPerMonth, s?.Cents),
        rest is null ? null : s?.Ineligible == "resting" ? 0 : rest.Requests - (s?.SinceRest ?? 0), s?.ProviderRemaining);

    private static long? Left(long? limit, long? used) => limit is null ? null : Math.Max(0, limit.Value - (used ?? limit.Value));
}
