using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Watch;

/// <summary>Tells when a provider has no available account any more, and when it has one again.</summary>
internal sealed class ProviderWatch(FleetCache fleet, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ProviderWatch> log)
    : PeriodicWorker(TimeSpan.FromSeconds(1), clock, log)
{
    /// <summary>Whether a provider that is configured can't be used.</summary>
    public static bool IsDown(ProviderFleet provider, FleetSnapshot fleet, DateTimeOffset now) =>
        provider.Accounts.Count > 0 && !provider.Accounts.Any(a => IsAvailable(a, fleet, now));

    /// <summary>Whether requests may go to an account: it and its proxy are in use, or due for a probe.</summary>
    public static bool IsAvailable(Account account, FleetSnapshot fleet, DateTimeOffset now) =>
        account.Health.IsAvailable(now) && fleet.ProxyOf(account)?.Health.IsAvailable(now) != false;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var snapshot = fleet.Current;
        var now = Clock.GetUtcNow();
        foreach (var provider in snapshot.Providers.Values)
        {
            var down = provider.Settings.Enabled && IsDown(provider, snapshot, now);
            if (down != provider.Settings.IsDown)
                await TellAsync(provider, down, now, cancellationToken);
        }
    }

    /// <summary>Only the replica whose update finds the other state tells.</summary>
    private async Task TellAsync(ProviderFleet provider, bool down, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var settings = await ProviderRows.TakeAsync(db, provider.Dialect, cancellationToken);
        if (settings.IsDown != down)
        {
            settings.IsDown = down;
            settings.Sequence++;
            scope.ServiceProvider.GetRequiredService<Outbox>().Publish(down
                ? new ProviderDown { ProviderId = settings.Id, Provider = settings.Name, Sequence = settings.Sequence }
                : new ProviderUp { ProviderId = settings.Id, Provider = settings.Name, Sequence = settings.Sequence });
            await db.AddHistoryAsync(
                new HealthEntry
                {
                    At = now,
                    Kind = "provider",
                    SubjectId = settings.Id,
                    Provider = settings.Name,
                    Name = settings.Name,
                    Status = down ? "down" : "up",
                    Reason = down ? "no account is available" : "an account is available",
                },
                cancellationToken);
        }

        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({StealthDb.FleetChannel}, '')", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await fleet.ReloadAsync(cancellationToken);
    }
}
