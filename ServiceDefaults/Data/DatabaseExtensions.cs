using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Son1kVers3.ServiceDefaults.Health;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.ServiceDefaults.Data;

/// <summary>A service's own database: data source, context, migration at start.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Registers the data source of connection string <paramref name="name"/>, <typeparamref name="TContext"/> over it
    /// (also as plain <see cref="DbContext"/>, for outbox and inbox), and brings the schema up to date before anything else starts.
    /// </summary>
    public static IHostApplicationBuilder AddServiceDatabase<TContext>(this IHostApplicationBuilder builder, string name)
        where TContext : DbContext
    {
        // Who writes a migration needs the model, not a server.
        if (EF.IsDesignTime)
            builder.Configuration[$"ConnectionStrings:{name}"] ??= "Host=localhost";
        builder.AddNpgsqlDataSource(name, settings => settings.ConnectionString = WithoutReset(settings.ConnectionString));
        builder.Services.AddDbContext<TContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(services.GetServices<IInterceptor>()));
        builder.Services.AddScoped<DbContext>(services => services.GetRequiredService<TContext>());
        builder.Services.AddHostedService<DatabaseMigration<TContext>>();
        builder.Services.AddWarmUp<DatabaseWarmUp<TContext>>();
        return builder;
    }

    /// <summary>
    /// A connection goes back to the pool as it is. Whatever a service sets or locks ends with its transaction, and who listens unlistens, so nothing of a session
    /// is left that the next user had to be kept from; the reset costs the server as much as a short statement.
    /// </summary>
    private static string? WithoutReset(string? connection) => connection is null ? null : new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true }.ConnectionString;

    /// <summary>For services whose processes tell each other what happened: <see cref="DatabaseNotifications"/> hears what the database notifies of.</summary>
    public static IHostApplicationBuilder AddDatabaseNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddWorker<DatabaseNotifications>();
        return builder;
    }
}
