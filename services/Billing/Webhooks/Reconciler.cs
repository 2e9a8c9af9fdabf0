using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Billing.Data;
using Son1kVers3.Billing.Entitlements;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Workers;
using Stripe;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Heals what webhooks did not bring: goes through Stripe's list of events, and reads again whom it has not read for an
/// hour.</summary>
/// <remarks>
/// On a machine that webhooks can't reach this is the only way; elsewhere it makes days without webhooks heal by themselves. Stripe keeps
/// events for 30 days; each round overlaps the one
/// before, and the inbox knows what it has.
/// </remarks>
internal sealed class Reconciler(
    IServiceScopeFactory scopes, EventInbox inbox, LeaseStore leases,
    IOptions<StripeOptions> options, TimeProvider clock, ILogger<Reconciler> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(Math.Max(1, options.Value.ReconcileSeconds))) { OneReplica = leases }, clock, log)
{
    private const int Customers = 50;
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstReach = TimeSpan.FromDays(1);
    private static readonly TimeSpan Stale = TimeSpan.FromHours(1);

    protected override Task RunAsync(CancellationToken cancellationToken) =>
        options.Value.IsConfigured ? RunOnceAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>One round.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await ReadEventsAsync(scope.ServiceProvider, cancellationToken);
        await EndOrphansAsync(scope.ServiceProvider, cancellationToken);
        await ReadStaleAsync(scope.ServiceProvider, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<StripeKeys>().PruneAsync(cancellationToken);
    }

    private async Task ReadEventsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<BillingDb>();
        var now = Clock.GetUtcNow();
        var seen = await db.Set<StripeCursor>().AsNoTracking().SingleOrDefaultAsync(c => c.Name == "events", cancellationToken);
        // A clock that ran ahead and was put back must not make it blind for as long.
        var since = (seen is { } cursor && cursor.SeenUntil < now ? cursor.SeenUntil : now - FirstReach) - Overlap;
        var query = new EventListOptions { Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime }, Limit = 100 };
        var found = 0;
        await foreach (var happened in new EventService(services.GetRequiredService<IStripeClient>())
            .ListAutoPagingAsync(query, cancellationToken: cancellationToken))
        {
            if (StripeEvents.Of(happened, now) is { } row && await inbox.AddAsync(row, cancellationToken))
                found++;
        }

        if (found > 0)
            Log.LogInformation("{Count} events had not come by webhook", found);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO stripe_cursors (name, seen_until) VALUES ('events', {now})
            ON CONFLICT (name) DO UPDATE SET seen_until = excluded.seen_until
            """,
            cancellationToken);
    }

    private async Task ReadStaleAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<BillingDb>();
        var (now, before) = (Clock.GetUtcNow(), Clock.GetUtcNow() - Stale);
        var stale = await db.Set<MemberCustomer>().AsNoTracking()
            .Where(c => !c.Deleted && (c.SyncedAt == null || c.SyncedAt < before || c.SyncedAt > now)).OrderBy(c => c.SyncedAt)
                .Take(Customers)
            .Select(c => c.UserId).ToListAsync(cancellationToken);
        // What ended by the clock since it was read may have something less behind it that goes on.
        var ended = await (from customer in db.Set<MemberCustomer>().AsNoTracking()
                           join account in db.Set<Entitlements.Account>() on customer.UserId equals account.UserId
                           where !customer.Deleted && account.PaidUntil <= now && customer.SyncedAt < account.PaidUntil
                           orderby customer.SyncedAt
                           select customer.UserId).Take(Customers).ToListAsync(cancellationToken);
        foreach (var userId in stale.Union(ended))
            await GuardAsync(userId, corrections => corrections.SyncAsync(userId, cancellationToken));
    }

    private async Task EndOrphansAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<BillingDb>();
        var orphans = await (from account in db.Set<Entitlements.Account>()
                             join subscription in db.Set<StoredSubscription>() on account.UserId equals subscription.UserId
                             where account.DeletedAt != null && subscription.Current
                             orderby account.DeletedAt
                             select new { account.UserId, subscription.Id, account.DeletedAt }).Take(Customers)
                                 .ToListAsync(cancellationToken);
        foreach (var orphan in orphans)
        {
            await GuardAsync(
                orphan.UserId,
                corrections => corrections.EndOrphanAsync(orphan.UserId, orphan.Id, orphan.DeletedAt!.Value, cancellationToken));
        }
    }

    /// <summary>One member's trouble is not the others'.</summary>
    private async Task GuardAsync(Guid userId, Func<Corrections, Task> care)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await care(scope.ServiceProvider.GetRequiredService<Corrections>());
        }
        catch (StripeException e)
        {
            Log.LogWarning("The customer of {UserId} will be read again: {Reason}", userId, e.Message);
        }
    }
}
