using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Workers;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Brings what stands in the outbox to the broker.</summary>
/// <remarks>
/// A batch is locked with <c>FOR UPDATE SKIP LOCKED</c>, so that replicas share the work; a row is deleted in the transaction that
/// saw the broker's confirm. A relay that dies between confirm and commit publishes again: at least once, with the same message id,
/// which the inbox of every consumer knows. It wakes by <c>NOTIFY</c> at commit, and looks by itself every few seconds.
/// </remarks>
internal sealed class OutboxRelay : PeriodicWorker
{
    internal static readonly ActivitySource Source = new("Son1kVers3.Outbox");
    private const int BatchSize = 100;
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _database;
    private readonly IBus _bus;

    public OutboxRelay(NpgsqlDataSource database, Notifications notifications, IBus bus, TimeProvider clock, ILogger<OutboxRelay> log)
        : base(new Schedule(TimeSpan.FromSeconds(5)) { StartsAtOnce = true, Retry = TimeSpan.FromSeconds(1) }, clock, log)
    {
        (_database, _bus) = (database, bus);
        notifications.On(MessagingTables.Channel, _ => Wake());
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await RelayBatchAsync(cancellationToken) == BatchSize)
        {
        }
    }

    private async Task<int> RelayBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = new List<OutboxMessage>();
        await using (var take = new NpgsqlCommand(
            $"SELECT id, type, payload, trace_parent FROM outbox ORDER BY id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED", connection, transaction))
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new OutboxMessage
                {
                    Id = reader.GetGuid(0),
                    Type = reader.GetString(1),
                    Payload = reader.GetString(2),
                    TraceParent = reader.IsDBNull(3) ? null : reader.GetString(3),
                });
            }
        }

        if (rows.Count == 0)
            return 0;
        using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            timeout.CancelAfter(ConfirmTimeout);
            await Task.WhenAll(rows.Select(row => PublishAsync(row, timeout.Token)));
        }

        await using (var done = new NpgsqlCommand("DELETE FROM outbox WHERE id = ANY($1)", connection, transaction)
        {
            Parameters = { new() { Value = rows.Select(r => r.Id).ToArray() } },
        })
            await done.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }

    private Task PublishAsync(OutboxMessage row, CancellationToken cancellationToken)
    {
        var type = typeof(Event).Assembly.GetType(row.Type, throwOnError: true)!;
        var message = JsonSerializer.Deserialize(row.Payload, type, JsonSerializerOptions.Web)!;
        return PublishTracedAsync();

        async Task PublishTracedAsync()
        {
            ActivityContext.TryParse(row.TraceParent, null, isRemote: true, out var parent);
            using var activity = Source.StartActivity($"relay {type.Name}", ActivityKind.Internal, parent);
            await _bus.Publish(message, type, context => context.MessageId = row.Id, cancellationToken);
        }
    }
}
