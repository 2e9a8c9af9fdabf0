using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Quotas;

/// <summary>
/// "We are about to ask billing for these units": stored before asking, gone when the jobs are stored or the units given back.
/// </summary>
internal sealed class PendingReservation
{
    /// <summary>The first generation's id, which is the reservation's.</summary>
    public Guid Id { get; init; }
    public Guid UserId { get; init; }

    /// <summary>All ids that are reserved together, <see cref="Id"/> included.</summary>
    public required Guid[] Ids { get; init; }
    public DateTimeOffset TouchedAt { get; init; }
}

internal sealed class PendingReservationTable : IEntityTypeConfiguration<PendingReservation>
{
    public void Configure(EntityTypeBuilder<PendingReservation> table)
    {
        table.ToTable("pending_reservations");
        table.Property(r => r.Id).ValueGeneratedNever();
        table.HasIndex(r => r.TouchedAt);
    }
}
