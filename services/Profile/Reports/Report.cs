using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Reports;

/// <summary>What can be reported.</summary>
[JsonConverter(typeof(NamedEnumConverter<ReportKind>))]
internal enum ReportKind
{
    /// <summary>By its generation's id.</summary>
    Track,
    Comment,

    /// <summary>By its account's id: the name, words, links and picture that the member gave it.</summary>
    Profile,
}

/// <summary>Where a report stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<ReportStatus>))]
internal enum ReportStatus
{
    /// <summary>Nobody has decided yet.</summary>
    Open,

    /// <summary>Nothing was wrong.</summary>
    Dismissed,

    /// <summary>What was reported is out of sight.</summary>
    Hidden,

    /// <summary>Out of sight, and its owner disagrees.</summary>
    Appealed,

    /// <summary>Out of sight, also after the appeal.</summary>
    Upheld,

    /// <summary>It is back.</summary>
    Restored,
}

/// <summary>What an operator does about a report.</summary>
[JsonConverter(typeof(NamedEnumConverter<ReportAction>))]
internal enum ReportAction
{
    Dismiss,
    Hide,

    /// <summary>The appeal is refused: it stays out of sight.</summary>
    Uphold,
    Restore,
}

/// <summary>What members said against one thing, until it is decided; what is said later begins another report.</summary>
internal sealed class Report
{
    /// <summary>What operators are shown of what was reported.</summary>
    public const int LongestExcerpt = 1000;

    public Guid Id { get; init; }
    public ReportKind Kind { get; init; }

    /// <summary>Of the track, comment or account.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>The track that a comment is on, or that is reported; null for a profile.</summary>
    public Guid? CreationId { get; init; }

    /// <summary>Whose it is; null when they are gone.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>What it said when it was first reported, whatever its owner makes of it since.</summary>
    public required string Excerpt { get; init; }
    public ReportStatus Status { get; set; }

    /// <summary>How many members reported it.</summary>
    public int Complaints { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public string? AppealText { get; set; }
    public DateTimeOffset? AppealedAt { get; set; }
}

/// <summary>One member's reason for a report.</summary>
internal sealed class Complaint
{
    public Guid Id { get; init; }
    public Guid ReportId { get; init; }

    /// <summary>Null when they are gone.</summary>
    public Guid? ReporterId { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>What an operator decided, and why; kept for as long as the thing's owner is here.</summary>
/// <remarks>
/// The operator's id stays when the operator leaves: whose decision it was must stay answerable to its owner. It is a pseudonym that leads to nobody once the
/// account is gone (lists show <c>deleted</c>), still tells one hand from another, and goes with the report.
/// </remarks>
internal sealed class Decision
{
    public Guid Id { get; init; }
    public Guid ReportId { get; init; }
    public Guid OperatorId { get; init; }
    public ReportAction Action { get; init; }
    public required string Reason { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>What a hidden profile showed, so that it can be brought back.</summary>
internal sealed class WithheldProfile
{
    public Guid ReportId { get; init; }
    public Guid AccountId { get; init; }
    public required string DisplayName { get; init; }
    public string? Bio { get; init; }
    public string[] Links { get; init; } = [];
    public string? AvatarVersion { get; init; }
    public byte[]? LargeAvatar { get; init; }
    public byte[]? SmallAvatar { get; init; }
}

internal sealed class ReportTables
    : IEntityTypeConfiguration<Report>, IEntityTypeConfiguration<Complaint>, IEntityTypeConfiguration<Decision>, IEntityTypeConfiguration<WithheldProfile>
{
    public void Configure(EntityTypeBuilder<Report> table)
    {
        table.ToTable("reports");
        table.Property(r => r.Kind).HasConversion<string>();
        table.Property(r => r.Status).HasConversion<string>();
        table.HasIndex(r => new { r.Kind, r.SubjectId }).IsUnique().HasFilter("status = 'Open'").HasDatabaseName("ix_reports_open");
        table.HasIndex(r => new { r.Kind, r.SubjectId, r.Id }).HasDatabaseName("ix_reports_subject");
        table.HasIndex(r => new { r.Status, r.Id }).HasDatabaseName("ix_reports_status");
        table.HasIndex(r => new { r.OwnerId, r.Id }).HasDatabaseName("ix_reports_owner");
    }

    public void Configure(EntityTypeBuilder<Complaint> table)
    {
        table.ToTable("complaints");
        table.HasIndex(c => new { c.ReportId, c.ReporterId }).IsUnique().HasDatabaseName("ix_complaints_reporter_of_report");
        table.HasIndex(c => new { c.ReportId, c.Id }).HasDatabaseName("ix_complaints_report");
        table.HasIndex(c => new { c.ReporterId, c.At }).HasDatabaseName("ix_complaints_reporter");
        table.HasOne<Report>().WithMany().HasForeignKey(c => c.ReportId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Decision> table)
    {
        table.ToTable("report_decisions");
        table.Property(d => d.Action).HasConversion<string>();
        table.HasIndex(d => new { d.ReportId, d.Id }).HasDatabaseName("ix_report_decisions_report");
        table.HasOne<Report>().WithMany().HasForeignKey(d => d.ReportId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<WithheldProfile> table)
    {
        table.ToTable("withheld_profiles").HasKey(w => w.ReportId);
        table.HasIndex(w => w.AccountId).HasDatabaseName("ix_withheld_profiles_account_id");
        table.HasOne<Report>().WithMany().HasForeignKey(w => w.ReportId).OnDelete(DeleteBehavior.Cascade);
    }
}
