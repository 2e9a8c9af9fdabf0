using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Storage;

/// <summary>A stored file of a track.</summary>
internal sealed class TrackFile
{
    public Guid TrackId { get; init; }

    /// <summary><c>master</c>, <c>audio</c>, <c>preview</c>, <c>midi</c>, <c>score</c>, <c>waveform</c>, <c>cover</c>, <c>analysis</c>, <c>stems</c>, <c>cold</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>File extension without the dot; for several of one kind and type (<c>og.png</c>) with what tells them apart.</summary>
    public required string Format { get; init; }

    /// <summary>Where the store has it.</summary>
    public required string Key { get; init; }
    public long Bytes { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Checksum { get; init; }
}

internal sealed class TrackFileTable : IEntityTypeConfiguration<TrackFile>
{
    public void Configure(EntityTypeBuilder<TrackFile> table)
    {
        table.ToTable("generation_files").HasKey(f => new { f.TrackId, f.Kind, f.Format });
        table.Property(f => f.TrackId).HasColumnName("generation_id");
    }
}
