using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Tracks;

/// <summary>A licensed copy: its holder hears the track also when it is hidden for another reason than being illegal.</summary>
internal sealed class TrackClaim
{
    public Guid TrackId { get; init; }
    public Guid UserId { get; init; }
}

internal sealed class TrackClaimTable : IEntityTypeConfiguration<TrackClaim>
{
    public void Configure(EntityTypeBuilder<TrackClaim> table)
    {
        table.ToTable("claims").HasKey(c => new { c.TrackId, c.UserId });
        table.HasIndex(c => c.UserId).HasDatabaseName("ix_claims_of_member");
    }
}
