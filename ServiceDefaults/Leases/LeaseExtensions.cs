using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.ServiceDefaults.Leases;

/// <summary>Leases in the service's own database.</summary>
public static class LeaseExtensions
{
    /// <summary>Registers <see cref="LeaseStore"/>. Needs <c>AddServiceDatabase</c> and <see cref="LeaseTable.AddLeaseTable"/>.</summary>
    public static IHostApplicationBuilder AddLeases(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LeaseStore>();
        builder.Services.AddHostedService<LeaseCleanup>();
        return builder;
    }
}

/// <summary>Removes leases that ran out long ago: nobody works on with one of yesterday.</summary>
internal sealed class LeaseCleanup(NpgsqlDataSource database, TimeProvider clock, ILogger<LeaseCleanup> log) : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM leases WHERE until < clock_timestamp() - interval '1 day'");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
