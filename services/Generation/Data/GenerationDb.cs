using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Data;

/// <summary>The database of generation. Each feature folder configures its own tables.</summary>
internal sealed class GenerationDb(DbContextOptions<GenerationDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(GenerationDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable()
        .UseSnakeCase();
}
