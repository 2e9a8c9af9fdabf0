using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Progress;

/// <summary>A step of a job that a viewer who comes back later still gets. The sequence is the generation's own, and the event's id in the stream.</summary>
internal sealed class TrackEvent
{
    public Guid TrackId { get; init; }
    public long Sequence { get; init; }
    public required string Kind { get; init; }

    /// <summary>JSON object.</summary>
    public required string Data { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Nothing comes after it.</summary>
    public bool EndsJob() => Kind is "completed" or "failed" or "cancelled";
}

internal sealed class TrackEventTable : IEntityTypeConfiguration<TrackEvent>
{
    public void Configure(EntityTypeBuilder<TrackEvent> table)
    {
        table.ToTable("generation_events").HasKey(e => new { e.TrackId, e.Sequence });
        table.Property(e => e.TrackId).HasColumnName("generation_id");
        table.Property(e => e.Data).HasColumnType("jsonb");
    }
}
