using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Billing.Storage;

/// <summary>What a finished track occupies, as of the newest event about it.</summary>
public sealed class StoredTrack
{
    public Guid GenerationId { get; init; }
    public Guid UserId { get; init; }
    public long Bytes { get; init; }

    /// <summary>Of the event that said so; an older one that arrives later is ignored.</summary>
    public long Sequence { get; init; }
}

internal sealed class StoredTrackTable : IEntityTypeConfiguration<StoredTrack>
{
    public void Configure(EntityTypeBuilder<StoredTrack> table)
    {
        table.ToTable("stored_tracks").HasKey(t => t.GenerationId);
        table.Property(t => t.GenerationId).ValueGeneratedNever();
        table.HasIndex(t => t.UserId);
    }
}
