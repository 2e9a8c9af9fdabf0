using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Ends a start whose passwords do not open its data. Without it the log-ins would be refused for ever, and the start would hang.</summary>
internal sealed class PasswordCheck(ResourceNotificationService states, HostSettings settings, Terminal terminal, IHostApplicationLifetime host) : BackgroundService
{
    // Postgres: invalid_password, and invalid_authorization_specification. RabbitMQ: the broker's word for a log-in that it refuses. Redis: its own.
    private static readonly string[] Refusals = ["28P01", "28000", "ACCESS_REFUSED", "WRONGPASS"];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in states.WatchAsync(stoppingToken))
        {
            if (change.Snapshot.HealthReports.Any(report => Refusals.Any($"{report.Description} {report.ExceptionText}".Contains)))
            {
                terminal.Say(
                    $"The passwords in {settings.Data.Folder} do not open the data of {change.Resource.Name} there. Put the secrets.json back that belongs to it, or start with an empty folder: SON1K_DATA=<folder>");
                Environment.ExitCode = 1;
                host.StopApplication();
                return;
            }
        }
    }
}
