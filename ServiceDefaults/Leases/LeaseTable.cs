using Microsoft.EntityFrameworkCore;

namespace Son1kVers3.ServiceDefaults.Leases;

/// <summary>Who works on a thing, and until when nobody else may.</summary>
public sealed class LeaseRow
{
    /// <summary>What is worked on: <c>track/{id}/flac</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Machine and process of the holder, for people who look; the fence alone decides.</summary>
    public required string Owner { get; init; }

    /// <summary>Higher with every holder: what an earlier one still writes is recognised by it.</summary>
    public long Fence { get; init; }

    /// <summary>By the database's clock. The row stays after it, so that fences of one name only grow.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>Maps leases into a service's own database.</summary>
public static class LeaseTable
{
    /// <summary>Adds the table <c>leases</c> and the sequence <c>lease_fences</c> to a model.</summary>
    public static ModelBuilder AddLeaseTable(this ModelBuilder model)
    {
        model.HasSequence<long>("lease_fences");
        model.Entity<LeaseRow>(table =>
        {
            table.ToTable("leases").HasKey(l => l.Name);
            table.HasIndex(l => l.Until).HasDatabaseName("ix_leases_until");
        });
        return model;
    }
}
