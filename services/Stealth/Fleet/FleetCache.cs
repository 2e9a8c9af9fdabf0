using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Data;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Keeps what is configured in memory, at every replica: a request reads no database.</summary>
/// <remarks>Whoever changes something notifies in the same transaction (<see cref="StealthDb.SaveFleetAsync"/>); it is read anew every 15 seconds anyway.</remarks>
internal sealed class FleetCache : PeriodicWorker
{
    private readonly IServiceScopeFactory _scopes;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile FleetSnapshot _current = FleetSnapshot.Empty;

    public FleetCache(DatabaseNotifications notifications, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FleetCache> log)
        : base(new Schedule(TimeSpan.FromSeconds(15)) { Retry = TimeSpan.FromSeconds(1) }, clock, log)
    {
        _scopes = scopes;
        notifications.On(StealthDb.FleetChannel, _ => Wake());
    }

    public FleetSnapshot Current => _current;

    /// <summary>What to do when it was read anew: before and after.</summary>
    public event Func<FleetSnapshot, FleetSnapshot, CancellationToken, Task>? Changed;

    /// <summary>Nothing is served before it is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Reads everything; when it returns, what was committed before the call is in force here.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
            var next = new FleetSnapshot(
                await db.Set<ProviderSettings>().AsNoTracking().ToListAsync(cancellationToken),
                await db.Set<Account>().AsNoTracking().Include(a => a.Keys.Where(k => k.Status != KeyStatus.Revoked)).ToListAsync(cancellationToken),
                await db.Set<Proxy>().AsNoTracking().ToListAsync(cancellationToken));
            var before = _current;
            _current = next;
            foreach (var changed in Changed?.GetInvocationList().Cast<Func<FleetSnapshot, FleetSnapshot, CancellationToken, Task>>() ?? [])
                await changed(before, next, cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => ReloadAsync(cancellationToken);
}
