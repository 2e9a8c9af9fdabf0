using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Watch;

/// <summary>What time does: keys that give way or end, leases that are over, hours to settle, history that is old.</summary>
internal sealed class Housekeeping(
    IServiceScopeFactory scopes, FleetCache fleet, RotationStore rotation, UsageLedger usage, LeaseBook leases, TimeProvider clock, ILogger<Housekeeping> log)
    : PeriodicWorker(TimeSpan.FromSeconds(30), clock, log)
{
    private static readonly TimeSpan HistoryLife = TimeSpan.FromDays(90);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await leases.SweepAsync(cancellationToken);
        if (await AdvanceKeysAsync(cancellationToken))
            await fleet.ReloadAsync(cancellationToken);
        await SettleAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
        var old = Clock.GetUtcNow() - HistoryLife;
        await db.Set<HealthEntry>().Where(e => e.At < old).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Takes the steps of keys that are due, and warns of those that end soon. Returns whether any changed.</summary>
    public async Task<bool> AdvanceKeysAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = Clock.GetUtcNow();
        var keys = await db.Set<AccountKey>().FromSql($"SELECT * FROM account_keys WHERE status <> 'Revoked' AND (expires_at IS NOT NULL OR drain_at IS NOT NULL OR status = 'Draining') FOR UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken);
        var used = (await db.Set<Lease>().Where(l => l.ExpiresAt > now).Select(l => l.KeyId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        var changed = false;
        foreach (var key in keys)
        {
            var account = fleet.Current.Accounts.GetValueOrDefault(key.AccountId);
            if (KeyLifecycle.Advance(key, used.Contains(key.Id), now))
                (changed, _) = (true, await TellAsync(db, key, account, key.Status.ToString().ToLowerInvariant(), "its successor took over, or it expired", now, cancellationToken));
            if (KeyLifecycle.WarningOf(key, now) is not { } days)
                continue;
            key.WarnedDays = days;
            await TellAsync(db, key, account, "expiring", $"it ends in less than {days} days; add its successor", now, cancellationToken);
            Log.LogWarning("The key {Mask} of {Account} ends at {End}", key.Mask, account?.Name, key.ExpiresAt);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task<bool> TellAsync(StealthDb db, AccountKey key, Account? account, string status, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.AddHistoryAsync(
            new HealthEntry
            {
                At = now,
                Kind = "key",
                SubjectId = key.AccountId,
                Provider = account?.Provider,
                Name = $"{account?.Name} {key.Mask}".Trim(),
                Status = status,
                Reason = reason,
                Until = key.ExpiresAt,
            },
            cancellationToken);
        return true;
    }

    /// <summary>Gives back what was recorded for hours that are over and was not used.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var hour = UsageLedger.HourOf(Clock.GetUtcNow());
        foreach (var provider in fleet.Current.Providers.Values.Where(p => p.Accounts.Count > 0))
        {
            var hashes = await rotation.ReadAsync(provider.Settings.Name, provider.Accounts.Select(a => $"h:{RotationStore.Id(a.Id)}"));
            var used = provider.Accounts.SelectMany((account, i) => UsedHours(account.Id, hashes[i].ToDictionary(e => (string)e.Name!, e => (long)e.Value)))
                .Where(u => u.Hour < hour && u.Hour >= hour - 2).ToList();
            if (used.Count > 0)
                await usage.SettleAsync(used, cancellationToken);
        }
    }

    private static IEnumerable<UsageHour> UsedHours(Guid account, Dictionary<string, long> fields) => fields
        .Where(f => !f.Key.EndsWith(":c", StringComparison.Ordinal))
        .Select(f => new UsageHour { AccountId = account, Hour = int.Parse(f.Key), Requests = f.Value, Cents = fields.GetValueOrDefault($"{f.Key}:c") });
}
