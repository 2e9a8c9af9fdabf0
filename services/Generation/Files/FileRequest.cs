using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Files;

/// <summary>
/// A file of a finished track that somebody asked for and that is not stored yet: workers make it, each under a lease. Gone when it is
/// made, or cannot be.
/// </summary>
internal sealed class FileRequest
{
    public Guid TrackId { get; init; }
    public FileKind Kind { get; init; }
    public FileFormat Format { get; init; }
    public int Variant { get; init; }

    /// <summary>Who asked first; all zeros for those who are not signed in.</summary>
    public Guid UserId { get; init; }

    /// <summary>Place in the fair order, as jobs have one.</summary>
    public long Turn { get; init; }
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Workers that took it; one that died counts.</summary>
    public int Attempts { get; init; }

    public FileSpec Spec => new(Kind, Format, Variant);

    /// <summary>How the file is called in leases and notifications.</summary>
    public string Name => NameOf(TrackId, Spec);

    public static string NameOf(Guid track, FileSpec spec) => $"file/{track:N}/{spec}";
}

internal sealed class FileRequestTable : IEntityTypeConfiguration<FileRequest>
{
    public void Configure(EntityTypeBuilder<FileRequest> table)
    {
        table.ToTable("file_requests").HasKey(r => new { r.TrackId, r.Kind, r.Format, r.Variant });
        table.Ignore(r => r.Spec).Ignore(r => r.Name);
        table.HasIndex(r => new { r.Turn, r.RequestedAt }).HasDatabaseName("ix_file_requests_queue");
        table.HasIndex(r => new { r.UserId, r.Turn }).HasDatabaseName("ix_file_requests_of_member");
    }
}
