using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>An event that was committed with the state it tells of, and is not yet confirmed by the broker.</summary>
public sealed class OutboxMessage
{
    /// <summary>UUIDv7: the event's id and the broker's message id.</summary>
    public Guid Id { get; init; }

    /// <summary>Full name of the message's type in Contracts.</summary>
    public required string Type { get; init; }

    /// <summary>The message as JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>W3C trace context of the request or consumer that caused it.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A message that a consumer has applied.</summary>
public sealed class InboxMessage
{
    public required string Consumer { get; init; }
    public Guid MessageId { get; init; }
    public DateTimeOffset ProcessedAt { get; init; }
}

/// <summary>The highest sequence of an aggregate that a consumer has applied.</summary>
public sealed class InboxSequence
{
    public required string Consumer { get; init; }
    public Guid AggregateId { get; init; }
    public long Sequence { get; init; }
}

/// <summary>Maps outbox and inbox into a service's own database.</summary>
public static class MessagingTables
{
    /// <summary>Adds the tables <c>outbox</c>, <c>inbox</c> and <c>inbox_sequences</c> to a model.</summary>
    public static ModelBuilder AddMessagingTables(this ModelBuilder model)
    {
        model.Entity<OutboxMessage>(table =>
        {
            table.ToTable("outbox");
            table.Property(m => m.Payload).HasColumnType("jsonb");
        });
        model.Entity<InboxMessage>(table =>
        {
            table.ToTable("inbox").HasKey(m => new { m.Consumer, m.MessageId });
            table.HasIndex(m => m.ProcessedAt);
        });
        model.Entity<InboxSequence>().ToTable("inbox_sequences").HasKey(m => new { m.Consumer, m.AggregateId });
        return model;
    }

    /// <summary>For the first migrations of services: a trigger that later ones drop again by <see cref="DropOutboxNotification"/>.</summary>
    public static void AddOutboxNotification(this MigrationBuilder migration) => migration.Sql(
        """
        CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$;
        CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();
        """);

    /// <summary>The relay is woken by the process that commits (<see cref="OutboxCommits"/>): commits need not wait for each other's notification.</summary>
    public static void DropOutboxNotification(this MigrationBuilder migration) => migration.Sql(
        """
        DROP TRIGGER outbox_notify ON outbox;
        DROP FUNCTION notify_outbox();
        """);
}
