using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Stealth.Data;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>Keeps what is configured in memory, at every replica: a request reads no database.</summary>
/// <remarks>Whoever changes something notifies in the same transaction (<see cref="StealthDb.SaveFleetAsync"/>); it is read anew every 15 seconds anyway.</remarks>
internal sealed class FleetCache(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FleetCache> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile FleetSnapshot _current = FleetSnapshot.Empty;

    public FleetSnapshot Current => _current;

    /// <summary>What to do when it was read anew: before and after.</summary>
    public event Func<FleetSnapshot, FleetSnapshot, CancellationToken, Task>? Changed;

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
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
            var next = new FleetSnapshot(
                await db.Set<ProviderSettings>().AsNoTracking().ToListAsync(cancellationToken),
                await db.Set<Account>().AsNoTracking().Include(a => a.Keys.Where(k => k.Status != KeyStatus.Revoked)).AsSplitQuery().ToListAsync(cancellationToken),
                await db.Set<Proxy>().AsNoTracking().ToListAsync(cancellationToken));
            var before = _current;
            _current = next;
            if (Changed is { } changed)
                await changed(before, next, cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await database.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"LISTEN {StealthDb.FleetChannel}", listener))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    await ReloadAsync(stoppingToken);
                    await listener.WaitAsync(Interval, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The accounts are as they were read last: {Reason}", e.Message);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
