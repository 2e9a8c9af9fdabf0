using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Webhooks;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Billing.Subscriptions;

/// <summary>Heals what webhooks did not bring: looks through Stripe's list of events, and reads again whom it has not read for an hour.</summary>
/// <remarks>
/// On a machine that webhooks can't reach this is the only way; elsewhere it makes days without webhooks heal by themselves. Stripe keeps events for 30 days; the look overlaps the one
/// before, and the inbox knows what it has. One replica at a time.
/// </remarks>
internal sealed class Reconciler(
    NpgsqlDataSource database, IServiceScopeFactory scopes, EventInbox inbox, IOptions<StripeOptions> options, TimeProvider clock, ILogger<Reconciler> log)
    : PeriodicWorker(TimeSpan.FromSeconds(Math.Max(1, options.Value.ReconcileSeconds)), clock, log)
{
    private const long LockKey = 0x5265636f6e;
    private const int Customers = 50;
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(1);
    private static readonly TimeSpan Stale = TimeSpan.FromHours(1);

    protected override Task RunAsync(CancellationToken cancellationToken) => options.Value.IsConfigured ? RunOnceAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>One round; false when another replica is at it.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({LockKey})", connection, transaction))
        {
            if (await take.ExecuteScalarAsync(cancellationToken) is not true)
                return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        await LookThroughEventsAsync(scope.ServiceProvider, cancellationToken);
        await EndOrphansAsync(scope.ServiceProvider, cancellationToken);
        await ReadStaleAsync(scope.ServiceProvider, cancellationToken);
        return true;
    }

    private async Task LookThroughEventsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<BillingDb>();
        var now = Clock.GetUtcNow();
        var seen = await db.Set<StripeCursor>().AsNoTracking().SingleOrDefaultAsync(c => c.Name == "events", cancellationToken);
        var since = (seen?.SeenUntil ?? now - FirstLook) - Overlap;
        var events = await services.GetRequiredService<StripeCalls>().ListAsync(
            "/v1/events", new StripeForm { { "created[gte]", since } }, cancellationToken);
        var found = 0;
        foreach (var json in events)
            found += await inbox.AddAsync(json, cancellationToken) ? 1 : 0;
        if (found > 0)
            Log.LogInformation("{Count} events had not come by webhook", found);
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO stripe_cursors (name, seen_until) VALUES ('events', {now}) ON CONFLICT (name) DO UPDATE SET seen_until = excluded.seen_until", cancellationToken);
    }

    private async Task ReadStaleAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var before = Clock.GetUtcNow() - Stale;
        var stale = await services.GetRequiredService<BillingDb>().Set<Customer>().AsNoTracking()
            .Where(c => !c.Deleted && (c.SyncedAt == null || c.SyncedAt < before)).OrderBy(c => c.SyncedAt).Take(Customers)
            .Select(c => c.UserId).ToListAsync(cancellationToken);
        foreach (var userId in stale)
        {
            await using var scope = scopes.CreateAsyncScope();
            var bought = await scope.ServiceProvider.GetRequiredService<SubscriptionSync>().SyncAsync(userId, cancellationToken);
            if (bought is { Extra.Count: > 0 })
                await scope.ServiceProvider.GetRequiredService<SurplusSubscriptions>().EndAsync(userId, bought.Extra, cancellationToken);
        }
    }

    /// <summary>Whoever deleted the account pays no longer.</summary>
    private static async Task EndOrphansAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<BillingDb>();
        var orphans = await (from account in db.Set<Account>()
                             join subscription in db.Set<Subscription>() on account.UserId equals subscription.UserId
                             where account.DeletedAt != null && subscription.Current
                             select new { account.UserId, subscription.Id }).Take(Customers).ToListAsync(cancellationToken);
        foreach (var orphan in orphans)
        {
            await services.GetRequiredService<SurplusSubscriptions>().EndAsync(orphan.Id, cancellationToken);
            await services.GetRequiredService<SubscriptionSync>().SyncAsync(orphan.UserId, cancellationToken);
        }
    }
}
