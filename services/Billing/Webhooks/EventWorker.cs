using Npgsql;
using Son1kVers3.Billing.Payments;
using Son1kVers3.Billing.Subscriptions;
using Son1kVers3.ServiceDefaults.Workers;
using Stripe;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Applies events: reads again what they are about. All waiting events of one customer are one reading.</summary>
/// <remarks>
/// A claim moves the events' next attempt into the future, and nothing is held while Stripe answers: replicas share the work, and what a
/// dead one had claimed comes up again.
/// A failure waits longer each time, up to ten minutes, and is never given up.
/// </remarks>
internal sealed class EventWorker(
    NpgsqlDataSource database, EventInbox inbox, IServiceScopeFactory scopes, TimeProvider clock, ILogger<EventWorker> log)
    : PeriodicWorker(TimeSpan.FromSeconds(2), clock, log)
{
    private const int Batch = 50;
    private const int Parallelism = 4;
    private static readonly TimeSpan ClaimLasts = TimeSpan.FromMinutes(3);

    private sealed record Waiting(string Id, string Type, string? CustomerId, string? ChargeId, int Attempts);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        inbox.Arrived += Wake;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        inbox.Arrived -= Wake;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await RunOnceAsync(cancellationToken) > 0)
        {
        }
    }

    /// <summary>Processes what waits now; returns how many events.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var waiting = await ClaimAsync(cancellationToken);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            waiting.GroupBy(e => e.CustomerId ?? e.ChargeId ?? e.Id), limits, (group, token) => ProcessAsync([.. group], token));
        return waiting.Count;
    }

    private async ValueTask ProcessAsync(Waiting[] group, CancellationToken cancellationToken)
    {
        string? error = null;
        try
        {
            await ApplyAsync(group, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            error = e.Message;
            Log.LogWarning(
                e is StripeException ? null : e, "Events {Events} wait: {Reason}", string.Join(", ", group.Select(g => g.Id)), e.Message);
        }

        await MarkAsync(group, error, cancellationToken);
    }

    private async Task ApplyAsync(Waiting[] group, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var customers = scope.ServiceProvider.GetRequiredService<Customers>();
        var customerId = group[0].CustomerId
            ?? await CustomerOfAsync(scope.ServiceProvider.GetRequiredService<IStripeClient>(), group[0].ChargeId, cancellationToken);
        if (customerId is null || await customers.UserOfAsync(customerId, cancellationToken) is not { } userId)
            return;
        if (group.Any(e => e.Type == EventTypes.CustomerDeleted))
            await customers.ForgetAsync(userId, customerId, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<Corrections>().SyncAsync(userId, cancellationToken);
    }

    /// <summary>Whose charge it is; null when Stripe has no such charge, and there is nothing to do.</summary>
    private static async Task<string?> CustomerOfAsync(IStripeClient stripe, string? charge, CancellationToken cancellationToken)
    {
        if (charge is null)
            return null;
        try
        {
            return (await new ChargeService(stripe).GetAsync(charge, cancellationToken: cancellationToken)).CustomerId;
        }
        catch (StripeException e) when (e.IsMissing)
        {
            return null;
        }
    }

    /// <summary>With an event that is due, all of its customer's.</summary>
    private async Task<List<Waiting>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var claim = database.CreateCommand(
            $"""
            WITH due AS (SELECT id, customer_id FROM stripe_events WHERE processed_at IS NULL AND next_attempt_at <= $1
                ORDER BY next_attempt_at LIMIT {Batch}),
            claimed AS (
                SELECT id FROM stripe_events
                WHERE processed_at IS NULL AND (id IN (SELECT id FROM due) OR (customer_id IN (SELECT customer_id FROM due)
                    AND next_attempt_at <= $1))
                FOR UPDATE SKIP LOCKED
            )
            UPDATE stripe_events e SET next_attempt_at = $2 FROM claimed WHERE e.id = claimed.id
            RETURNING e.id, e.type, e.customer_id, e.charge_id, e.attempts
            """);
        var now = Clock.GetUtcNow();
        claim.Parameters.AddWithValue(now);
        claim.Parameters.AddWithValue(now + ClaimLasts);
        await using var row = await claim.ExecuteReaderAsync(cancellationToken);
        var waiting = new List<Waiting>();
        while (await row.ReadAsync(cancellationToken))
            waiting.Add(
                new Waiting(
                    row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                    row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4)));
        return waiting;
    }

    private async Task MarkAsync(Waiting[] events, string? error, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var mark = database.CreateCommand(error is null
            ? "UPDATE stripe_events SET processed_at = $2, error = NULL WHERE id = ANY ($1)"
            : "UPDATE stripe_events SET attempts = attempts + 1, next_attempt_at = $2, error = $3 WHERE id = ANY ($1)");
        mark.Parameters.AddWithValue(events.Select(e => e.Id).ToArray());
        mark.Parameters.AddWithValue(
            error is null ? now : now + TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, events.Max(e => e.Attempts)))));
        if (error is not null)
            mark.Parameters.AddWithValue(error);
        await mark.ExecuteNonQueryAsync(cancellationToken);
    }
}
