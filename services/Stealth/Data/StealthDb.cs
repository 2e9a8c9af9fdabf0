using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Stealth.Data;

/// <summary>The database of stealth. Each feature folder configures its own tables.</summary>
internal sealed class StealthDb(DbContextOptions<StealthDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(StealthDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable()
        .UseSnakeCase();
}
