using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Pool.Claims;

/// <summary>How often a member has claimed on a UTC day.</summary>
internal sealed class ClaimDay
{
    public Guid UserId { get; init; }
    public DateOnly Day { get; init; }
    public int Used { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<ClaimDay>
    {
        public void Configure(EntityTypeBuilder<ClaimDay> builder)
        {
            builder.ToTable("claim_days").HasKey(d => new { d.UserId, d.Day });
            // With the member behind the day: no statistics know of the day that has just begun, so that an index of the day alone looks as if it
            // led to one row, while it leads through all claims of the day.
            builder.HasIndex(d => new { d.Day, d.UserId }).HasDatabaseName("ix_claim_days_day");
        }
    }
}
