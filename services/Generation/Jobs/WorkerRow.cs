using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Son1kVers3.Generation.Jobs;

/// <summary>A replica that makes songs, for estimates.</summary>
internal sealed class WorkerRow
{
    public Guid Id { get; init; }
    public int Slots { get; init; }
    public DateTimeOffset SeenAt { get; init; }
}

internal sealed class WorkerTable : IEntityTypeConfiguration<WorkerRow>
{
    public void Configure(EntityTypeBuilder<WorkerRow> table)
    {
        table.ToTable("workers");
        table.Property(w => w.Id).ValueGeneratedNever();
    }
}
