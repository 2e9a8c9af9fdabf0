using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Pool.Moderation;

/// <summary>What an operator did to a track of the pool, and why; kept for ever.</summary>
internal sealed class ModerationEntry
{
    public Guid Id { get; init; }
    public Guid GenerationId { get; init; }
    public Guid OperatorId { get; init; }
    public bool Hidden { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset At { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<ModerationEntry>
    {
        public void Configure(EntityTypeBuilder<ModerationEntry> builder)
        {
            builder.ToTable("moderations").HasKey(m => m.Id);
            builder.HasIndex(m => m.GenerationId).HasDatabaseName("ix_moderations_track");
        }
    }
}
