using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Forgets applied message ids after a week: no broker redelivers later than that.</summary>
internal sealed class InboxCleanup(NpgsqlDataSource database, TimeProvider clock, ILogger<InboxCleanup> log) : BackgroundService
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var command = database.CreateCommand("DELETE FROM inbox WHERE processed_at < $1");
                command.Parameters.AddWithValue(clock.GetUtcNow() - Keep);
                await command.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                log.LogWarning("The inbox was not cleaned: {Reason}", e.Message);
            }
        }
    }
}
