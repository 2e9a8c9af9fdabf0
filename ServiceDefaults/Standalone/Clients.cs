using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;

// Aspire's client packages put their methods here; what takes their place does the same.
namespace Microsoft.Extensions.Hosting;

/// <summary>The part of Aspire's client packages that the services use, for builds without them.</summary>
public static class StandaloneClients
{
    /// <summary>A pooled data source for connection string <paramref name="connectionName"/>, with a health check.</summary>
    public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.Services.AddSingleton(services => new NpgsqlDataSourceBuilder(ConnectionString(services, connectionName))
            .UseLoggerFactory(services.GetRequiredService<Logging.ILoggerFactory>()).Build());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            connectionName, services => new PostgresHealth(services.GetRequiredService<NpgsqlDataSource>()), null, null, TimeSpan.FromSeconds(5)));
    }

    /// <summary>One multiplexer for connection string <paramref name="connectionName"/>, with a health check.</summary>
    public static void AddRedisClient(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = ConfigurationOptions.Parse(ConnectionString(services, connectionName));
            options.AbortOnConnectFail = false;
            return ConnectionMultiplexer.Connect(options);
        });
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            connectionName, services => new RedisHealth(services.GetRequiredService<IConnectionMultiplexer>()), null, null, TimeSpan.FromSeconds(5)));
    }

    private static string ConnectionString(IServiceProvider services, string name) =>
        services.GetRequiredService<IConfiguration>().GetConnectionString(name)
        ?? throw new InvalidOperationException($"ConnectionStrings:{name} is missing.");

    private sealed class PostgresHealth(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = database.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException e)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }
    }

    private sealed class RedisHealth(IConnectionMultiplexer redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await redis.GetDatabase().PingAsync();
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy("Redis does not answer.");
            }
        }
    }
}
