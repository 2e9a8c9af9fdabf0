using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Son1kVers3.ServiceDefaults.Data;

/// <summary>Applies the service's migrations before it serves. Replicas that start together wait for each other on an advisory lock.</summary>
internal sealed class DatabaseMigration<TContext>(
    NpgsqlDataSource database, IServiceScopeFactory scopes, IEnumerable<SchemaAddition> additions, TimeProvider clock, ILogger<DatabaseMigration<TContext>> log) : IHostedService
    where TContext : DbContext
{
    // Any constant does; each service has a database of its own.
    private const long LockKey = 0x536f6e316b;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient && clock.GetElapsedTime(begun) < Timeout)
            {
                log.LogWarning("The database is not to be reached yet: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var acquire = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } }, CommandTimeout = 0 })
            await acquire.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TContext>().Database.MigrateAsync(cancellationToken);
            foreach (var addition in additions)
            {
                await using var add = new NpgsqlCommand(addition.Sql, connection);
                await add.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = LockKey } } };
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
