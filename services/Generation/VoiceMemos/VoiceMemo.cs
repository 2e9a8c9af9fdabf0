using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Studio;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>A hummed melody. The recording itself is not kept.</summary>
internal sealed class VoiceMemo
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public required IReadOnlyList<MelodyNote> Notes { get; init; }
    public required string Key { get; init; }

    /// <summary>Beats a minute.</summary>
    public double Tempo { get; init; }
    public double DurationSeconds { get; init; }

    /// <summary>Chromaprint, to know a recording again.</summary>
    public byte[]? Fingerprint { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class VoiceMemoTable : IEntityTypeConfiguration<VoiceMemo>
{
    private static readonly ValueComparer<IReadOnlyList<MelodyNote>> NeverChanged = new(
        (one, other) => ReferenceEquals(one, other), notes => RuntimeHelpers.GetHashCode(notes));

    public void Configure(EntityTypeBuilder<VoiceMemo> table)
    {
        table.ToTable("voice_memos");
        table.Property(m => m.Id).ValueGeneratedNever();
        table.Property(m => m.Notes).HasColumnType("jsonb").HasConversion(
            notes => JsonSerializer.Serialize(notes, JsonSerializerOptions.Web), text =>
                JsonSerializer.Deserialize<List<MelodyNote>>(text, JsonSerializerOptions.Web)!, NeverChanged);
        table.HasIndex(m => new { m.UserId, m.Id });
        table.HasIndex(m => m.Fingerprint).HasMethod("hash").HasFilter("fingerprint IS NOT NULL").HasDatabaseName("ix_voice_memos_copies");
    }
}
