using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Stealth.Data;

/// <summary>The database of stealth. Each feature folder configures its own tables.</summary>
internal sealed class StealthDb(DbContextOptions<StealthDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(StealthDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable();

    /// <summary>Saves; a name that is taken is a 409 of this slug.</summary>
    public async Task SaveUniqueAsync(string slug, string detail, CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Problem.Of(409, slug, detail);
        }
    }
}
