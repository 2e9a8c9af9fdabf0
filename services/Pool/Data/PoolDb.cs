using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Data;

/// <summary>The database of pool. Each feature folder configures its own tables.</summary>
internal sealed class PoolDb(DbContextOptions<PoolDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(PoolDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable();
}
