using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

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
        builder.AddNpgsqlDataSource(name);
        builder.Services.AddDbContext<TContext>((services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddScoped<DbContext>(services => services.GetRequiredService<TContext>());
        builder.Services.AddHostedService<DatabaseMigration<TContext>>();
        return builder;
    }

    /// <summary>PostgreSQL's habit: table and column names in snake_case. Call it last in <c>OnModelCreating</c>.</summary>
    public static ModelBuilder UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            // What lies in a JSON column has no table, only the column.
            if (entity.IsMappedToJson())
            {
                if (entity.GetContainerColumnName() is { } column)
                    entity.SetContainerColumnName(SnakeCase(column));
                continue;
            }

            entity.SetTableName(SnakeCase(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
                property.SetColumnName(SnakeCase(property.GetColumnName()));
            foreach (var key in entity.GetKeys())
                key.SetName(SnakeCase(key.GetName()!));
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(SnakeCase(index.GetDatabaseName()!));
            foreach (var foreign in entity.GetForeignKeys())
                foreign.SetConstraintName(SnakeCase(foreign.GetConstraintName()!));
        }

        return model;
    }

    internal static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name).Replace("__", "_");
}
