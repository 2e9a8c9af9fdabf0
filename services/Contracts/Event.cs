using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>What every event that crosses a service boundary carries.</summary>
/// <remarks>
/// <see cref="EventId"/> and <see cref="OccurredAt"/> are stamped by the outbox where the publisher left them empty.
/// </remarks>
public abstract record Event
{
    /// <summary>UUIDv7; also the broker's message id, by which consumers recognise a redelivery.</summary>
    public Guid EventId { get; init; }

    /// <summary>When the state change was committed, UTC.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>Version of the payload's shape; additive changes keep it.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Counts the changes of one aggregate, from 1; a consumer ignores what is lower than what it has applied.</summary>
    public long Sequence { get; init; }

    /// <summary>The aggregate that <see cref="Sequence"/> counts for.</summary>
    [JsonIgnore]
    public abstract Guid AggregateId { get; }
}
