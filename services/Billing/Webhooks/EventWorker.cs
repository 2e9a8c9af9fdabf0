using Npgsql;
using Son1kVers3.Billing.Checkout;
using Son1kVers3.Billing.Stripe;
using Son1kVers3.Billing.Subscriptions;

namespace Son1kVers3.Billing.Webhooks;

/// <summary>Applies events: reads again what they are about. All waiting events of one customer are one reading.</summary>
/// <remarks>Rows are taken with <c>SKIP LOCKED</c>: replicas share the work. A failure waits longer each time, up to ten minutes, and is never given up.</remarks>
internal sealed class EventWorker(NpgsqlDataSource database, EventInbox inbox, IServiceScopeFactory scopes, TimeProvider clock, ILogger<EventWorker> log)
    : BackgroundService
{
    private const int Batch = 50;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private sealed record Waiting(string Id, string Type, string? CustomerId, string? ChargeId, int Attempts);

    /// <summary>Processes what waits now; returns how many events.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var waiting = await TakeAsync(connection, transaction, cancellationToken);
        foreach (var group in waiting.GroupBy(e => e.CustomerId ?? e.ChargeId ?? e.Id))
        {
            string? error = null;
            try
            {
                await ApplyAsync(group.First(), cancellationToken);
            }
            catch (Exception e) when (e is StripeRefusal or StripeUnreachable or NpgsqlException)
            {
                error = e.Message;
                log.LogWarning("Events {Events} wait: {Reason}", string.Join(", ", group.Select(g => g.Id)), e.Message);
            }

            await MarkAsync(connection, transaction, group, error, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return waiting.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) > 0)
                {
                }

                await inbox.WaitAsync(Look, stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("Events of Stripe wait for the database: {Reason}", e.Message);
                await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<List<Waiting>> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand(
            $"""
            WITH due AS (SELECT id, customer_id FROM stripe_events WHERE processed_at IS NULL AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT {Batch})
            SELECT id, type, customer_id, charge_id, attempts FROM stripe_events
            WHERE processed_at IS NULL AND (id IN (SELECT id FROM due) OR customer_id IN (SELECT customer_id FROM due))
            ORDER BY next_attempt_at FOR UPDATE SKIP LOCKED
            """,
            connection,
            transaction)
        {
            Parameters = { new() { Value = clock.GetUtcNow() } },
        };
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Waiting>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new Waiting(
                reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt32(4)));
        }

        return rows;
    }

    private async Task ApplyAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var customers = scope.ServiceProvider.GetRequiredService<Customers>();
        var customerId = waiting.CustomerId;
        if (customerId is null && waiting.ChargeId is { } charge)
            customerId = (await scope.ServiceProvider.GetRequiredService<StripeCalls>().GetAsync($"/v1/charges/{charge}", StripeForm.Empty, cancellationToken)).Reference("customer");
        if (customerId is null || await customers.UserOfAsync(customerId, cancellationToken) is not { } userId)
            return;
        var bought = await scope.ServiceProvider.GetRequiredService<SubscriptionSync>().SyncAsync(userId, cancellationToken);
        if (bought is { Extra.Count: > 0 })
            await scope.ServiceProvider.GetRequiredService<SurplusSubscriptions>().EndAsync(userId, bought.Extra, cancellationToken);
        if (waiting.Type == "customer.deleted")
            await customers.ForgetAsync(userId, customerId, cancellationToken);
    }

    private async Task MarkAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<Waiting> events, string? error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = events.Select(e => e.Id).ToArray();
        var attempts = events.Max(e => e.Attempts);
        await using var mark = error is null
            ? new NpgsqlCommand("UPDATE stripe_events SET processed_at = $2, error = NULL WHERE id = ANY ($1)", connection, transaction)
            : new NpgsqlCommand("UPDATE stripe_events SET attempts = attempts + 1, next_attempt_at = $2, error = $3 WHERE id = ANY ($1)", connection, transaction);
        mark.Parameters.AddWithValue(ids);
        mark.Parameters.AddWithValue(error is null ? now : now + TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, attempts))));
        if (error is not null)
            mark.Parameters.AddWithValue(error);
        await mark.ExecuteNonQueryAsync(cancellationToken);
    }
}
