using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Community;

/// <summary>The last decision about hiding a track. There are two who decide, apart from each other: it is out of sight as long as either wants it.</summary>
internal sealed class TrackHide
{
    public Guid TrackId { get; init; }

    /// <summary>True: what members reported. False: the pool's operators.</summary>
    public bool Reported { get; init; }

    /// <summary>The report that led to it; null for what nobody reported.</summary>
    public Guid? ReportId { get; init; }

    /// <summary>Why it is hidden; null where the decision is to bring it back, kept so that an earlier one that arrives late changes nothing.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset DecidedAt { get; init; }
}

internal sealed class TrackHideTable : IEntityTypeConfiguration<TrackHide>
{
    public void Configure(EntityTypeBuilder<TrackHide> table)
    {
        table.ToTable("track_hides").HasKey(h => new { h.TrackId, h.Reported });
        table.HasOne<Track>().WithMany().HasForeignKey(h => h.TrackId).OnDelete(DeleteBehavior.Cascade);
    }
}
