using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Data;

/// <summary>The database of profile. Each feature folder configures its own tables.</summary>
internal sealed class ProfileDb(DbContextOptions<ProfileDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(ProfileDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable();
}
