using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Billing.Data;

/// <summary>The database of billing. Each feature folder configures its own tables.</summary>
internal sealed class BillingDb(DbContextOptions<BillingDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(BillingDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable()
        .AddLeaseTable();
}
