using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Contracts;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Publishes by writing into the transaction of the state change; the relay brings it to the broker after the commit.</summary>
public sealed class Outbox
{
    private readonly DbContext _db;
    private readonly OutboxCommits _commits;
    private readonly TimeProvider _clock;

    internal Outbox(DbContext db, OutboxCommits commits, TimeProvider clock) => (_db, _commits, _clock) = (db, commits, clock);

    /// <summary>Adds a message to the context: it is written by the next <c>SaveChanges</c>, in its transaction.</summary>
    public void Publish(object message)
    {
        _db.Add(Seal(message, _clock));
        _commits.Expect();
    }

    /// <summary>Tells the relay that a <see cref="Command"/> is committed. Forgotten, its message leaves with the next poll.</summary>
    public void Committed() => _commits.Wake();

    /// <summary>
    /// The same as an SQL command, for hot paths that send their whole transaction as one batch. Nothing sees the end of that transaction:
    /// call <see cref="Committed"/> after it.
    /// </summary>
    public NpgsqlBatchCommand Command(object message)
    {
        var row = Seal(message, _clock);
        return new NpgsqlBatchCommand("INSERT INTO outbox (id, type, payload, trace_parent) VALUES ($1, $2, $3, $4)")
        {
            Parameters =
            {
                new() { Value = row.Id },
                new() { Value = row.Type },
                new() { Value = row.Payload, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = (object?)row.TraceParent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
    }

    private static OutboxMessage Seal(object message, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (message is Event e)
        {
            message = e = e with
            {
                EventId = e.EventId == Guid.Empty ? Guid.CreateVersion7(now) : e.EventId,
                OccurredAt = e.OccurredAt == default ? now : e.OccurredAt,
            };
        }

        return new OutboxMessage
        {
            Id = (message as Event)?.EventId ?? Guid.CreateVersion7(now),
            Type = message.GetType().FullName!,
            Payload = JsonSerializer.Serialize(message, message.GetType(), JsonSerializerOptions.Web),
            TraceParent = Activity.Current?.Id,
        };
    }
}
