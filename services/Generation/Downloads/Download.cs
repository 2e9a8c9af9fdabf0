using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Why a zip is written.</summary>
[JsonConverter(typeof(NamedEnumConverter<DownloadKind>))]
internal enum DownloadKind
{
    /// <summary>Some tracks in one format.</summary>
    Tracks,

    /// <summary>Everything that the platform holds of a member.</summary>
    Export,
}

/// <summary>Where a zip stands. The last two are final.</summary>
[JsonConverter(typeof(NamedEnumConverter<DownloadStatus>))]
internal enum DownloadStatus
{
    Queued,
    Running,
    Ready,
    Failed,
}

/// <summary>A zip that workers write for a member.</summary>
internal sealed class Download
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public DownloadKind Kind { get; init; }

    /// <summary>The tracks that were asked for; of an export none: it holds all.</summary>
    public Guid[] TrackIds { get; init; } = [];
    public FileFormat Format { get; init; }
    public DownloadStatus Status { get; init; }

    /// <summary>Percent.</summary>
    public int Progress { get; init; }
    public long Bytes { get; init; }

    /// <summary>Where the store has it.</summary>
    public string? Key { get; init; }

    /// <summary>Why it failed.</summary>
    public DownloadFailure? Reason { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this it is removed.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class DownloadTable : IEntityTypeConfiguration<Download>
{
    public void Configure(EntityTypeBuilder<Download> table)
    {
        table.ToTable("downloads");
        table.Property(d => d.Id).ValueGeneratedNever();
        // Whatever else is stored, sentences of earlier versions among it, is the first reason: it was interrupted.
        table.Property(d => d.Reason).HasConversion(reason => EnumNames<DownloadFailure>.Of(reason!.Value), text => EnumNames<DownloadFailure>.Values.GetValueOrDefault(text));
        table.HasIndex(d => new { d.UserId, d.Id }).IsDescending(false, true).HasDatabaseName("ix_downloads_own_list");
        table.HasIndex(d => d.CreatedAt).HasFilter("status IN ('queued', 'running')").HasDatabaseName("ix_downloads_queue");
        table.HasIndex(d => d.ExpiresAt).HasDatabaseName("ix_downloads_expiry");
    }
}

/// <summary>A piece of another service's part of an export, kept until the zip is written.</summary>
internal sealed class StoredExportPart
{
    public Guid ExportId { get; init; }
    public Guid UserId { get; init; }
    public required string Service { get; init; }
    public int Index { get; init; }
    public bool Last { get; init; }

    /// <summary>A JSON array.</summary>
    public required string Json { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
}

internal sealed class StoredExportPartTable : IEntityTypeConfiguration<StoredExportPart>
{
    public void Configure(EntityTypeBuilder<StoredExportPart> table) =>
        table.ToTable("export_parts").HasKey(p => new { p.ExportId, p.Service, p.Index });
}
