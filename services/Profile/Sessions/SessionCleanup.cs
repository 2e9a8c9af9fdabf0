using Npgsql;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Removes sessions that expired. Revoked ones stay until then, so that their tokens are still known as such.</summary>
internal sealed class SessionCleanup(SessionStore sessions, TimeProvider clock, ILogger<SessionCleanup> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CleanAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CleanAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sessions.ForgetExpiredAsync(stoppingToken);
        }
        catch (NpgsqlException e)
        {
            log.LogWarning("Expired sessions stay until the next look: {Reason}", e.Message);
        }
    }
}
