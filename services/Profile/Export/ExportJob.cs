using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;

namespace Son1kVers3.Profile.Export;

/// <summary>How far an export is.</summary>
[JsonConverter(typeof(NamedEnumConverter<ExportStatus>))]
internal enum ExportStatus
{
    [JsonStringEnumMemberName("gathering")] Gathering,
    [JsonStringEnumMemberName("packing")] Packing,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("failed")] Failed,
}

/// <summary>A member's wish for everything of theirs.</summary>
internal sealed class ExportJob
{
    /// <summary>Who holds something of a member, and publishes its part.</summary>
    public static readonly string[] Services = ["billing", "generation", "pool", "profile"];

    /// <summary>What is not ready by then failed, and may be asked for again.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromHours(2);

    /// <summary>How long the file can be fetched.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const int GatheringPercent = 80;

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }

    /// <summary>The services whose last piece was published.</summary>
    public string[] Gathered { get; init; } = [];
    public long? Bytes { get; init; }
    public DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }

    public ExportStatus StatusAt(DateTimeOffset now) =>
        ReadyAt is not null ? ExportStatus.Ready
        : now > RequestedAt + Deadline ? ExportStatus.Failed
        : Gathered.Length < Services.Length ? ExportStatus.Gathering
        : ExportStatus.Packing;

    /// <summary>0–100: gathering counts most of it, packing the rest.</summary>
    public int Percent => ReadyAt is not null ? 100 : GatheringPercent * Math.Min(Gathered.Length, Services.Length) / Services.Length;
}

internal sealed class ExportTable : IEntityTypeConfiguration<ExportJob>
{
    public void Configure(EntityTypeBuilder<ExportJob> table)
    {
        table.ToTable("exports");
        table.Ignore(e => e.Percent);
        table.HasIndex(e => new { e.AccountId, e.Id }).HasDatabaseName("ix_exports_account_id_id");
        table.HasOne<Account>().WithMany().HasForeignKey(e => e.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
