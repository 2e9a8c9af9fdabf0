using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>Keeps the slots of this replica's running requests alive, and makes changes of what is configured known to the rotation.</summary>
internal sealed class SlotRenewal : PeriodicWorker
{
    private readonly RotationStore _store;
    private readonly SlotRegistry _slots;
    private readonly RedisEpoch _epoch;
    private readonly FleetCache _fleet;
    private string? _renewedIn;

    public SlotRenewal(RotationStore store, SlotRegistry slots, RedisEpoch epoch, FleetCache fleet, TimeProvider clock, ILogger<SlotRenewal> log)
        : base(RotationStore.SlotLife / 5, clock, log)
    {
        (_store, _slots, _epoch, _fleet) = (store, slots, epoch, fleet);
        fleet.Changed += ApplyAsync;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var epoch = await _epoch.GetAsync();
        var held = _slots.ByProvider();
        foreach (var provider in _fleet.Current.Providers.Values.Where(p => p.Accounts.Count > 0))
            await _store.RenewAsync(provider, held[provider.Settings.Name], takeUp: epoch != _renewedIn);
        _renewedIn = epoch;
    }

    private async Task ApplyAsync(FleetSnapshot before, FleetSnapshot now, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var provider in now.Providers.Values)
            {
                foreach (var gone in before.Providers.GetValueOrDefault(provider.Settings.Name)?.Accounts.ExceptBy(provider.Accounts.Select(a => a.Id), a => a.Id) ?? [])
                    await _store.ForgetAsync(provider, gone.Id);
                if (!IsSame(before, now, provider))
                    await _store.SeedAsync(provider, cancellationToken);
            }
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            // When Redis is back it knows nothing, and is told everything.
            Log.LogInformation("Redis does not know of changed accounts yet: {Reason}", e.Message);
        }
    }

    private static bool IsSame(FleetSnapshot before, FleetSnapshot now, ProviderFleet provider)
    {
        var old = before.Providers.GetValueOrDefault(provider.Settings.Name);
        return old is not null && old.Settings.Version == provider.Settings.Version
            && old.Accounts.Select(a => (a.Id, a.Version, a.Health.Version, before.ProxyOf(a)?.Health.Version))
                .SequenceEqual(provider.Accounts.Select(a => (a.Id, a.Version, a.Health.Version, now.ProxyOf(a)?.Health.Version)));
    }
}
