using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Stealth.Data;

/// <summary>The database of stealth. Each feature folder configures its own tables.</summary>
internal sealed class StealthDb(DbContextOptions<StealthDb> options) : DbContext(options)
{
    /// <summary>Tells every replica that accounts, keys, proxies or providers changed.</summary>
    public const string FleetChannel = "fleet";

    /// <summary>Tells every replica that there is a new line in the history.</summary>
    public const string HistoryChannel = "history";

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder
        .ApplyConfigurationsFromAssembly(typeof(StealthDb).Assembly)
        .AddMessagingTables()
        .AddIdempotencyTable();

    /// <summary>Saves what is configured in the running transaction, whose commit tells every replica. A name that is taken is a 409 of this slug.</summary>
    public async Task SaveFleetAsync(string slug, string detail, CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            await Database.ExecuteSqlAsync($"SELECT pg_notify({FleetChannel}, '')", cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Problem.Of(409, slug, detail);
        }
    }
}
