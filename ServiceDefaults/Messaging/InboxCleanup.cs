using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Forgets applied message ids after a week: no broker redelivers later than that.</summary>
internal sealed class InboxCleanup(NpgsqlDataSource database, TimeProvider clock, ILogger<InboxCleanup> log)
    : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM inbox WHERE processed_at < $1");
        command.Parameters.AddWithValue(Clock.GetUtcNow() - Keep);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
