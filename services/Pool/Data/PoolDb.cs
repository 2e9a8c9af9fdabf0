using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Data;

/// <summary>The database of pool. Each feature folder configures its own tables.</summary>
internal sealed class PoolDb(DbContextOptions<PoolDb> options) : DbContext(options)
{
    /// <summary>Numbers the events of aggregates that have no row of their own to count in.</summary>
    public const string EventSequence = "event_sequence";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasSequence<long>(EventSequence);
        modelBuilder.HasPostgresExtension("pg_trgm").HasPostgresExtension("unaccent");
        modelBuilder
            .ApplyConfigurationsFromAssembly(typeof(PoolDb).Assembly)
            .AddMessagingTables()
            .AddIdempotencyTable();
    }
}
