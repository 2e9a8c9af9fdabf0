using Microsoft.EntityFrameworkCore;
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
    /// What the database notifies of is heard by <see cref="Notifications"/>.
    /// </summary>
    public static IHostApplicationBuilder AddServiceDatabase<TContext>(this IHostApplicationBuilder builder, string name)
        where TContext : DbContext
    {
        // Who writes a migration needs the model, not a server.
        if (EF.IsDesignTime)
            builder.Configuration[$"ConnectionStrings:{name}"] ??= "Host=localhost";
        builder.AddNpgsqlDataSource(name);
        builder.Services.AddDbContext<TContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention());
        builder.Services.AddScoped<DbContext>(services => services.GetRequiredService<TContext>());
        builder.Services.AddHostedService<DatabaseMigration<TContext>>();
        builder.Services.AddWorker<Notifications>();
        builder.Services.AddWarmUp<DatabaseWarmUp<TContext>>();
        return builder;
    }
}
