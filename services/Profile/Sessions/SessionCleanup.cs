using Npgsql;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Removes what has run out: sessions (revoked ones stay until then, so that their tokens are still known as such), mailed tokens, failed attempts.</summary>
internal sealed class SessionCleanup(SessionStore sessions, LoginThrottle throttle, NpgsqlDataSource database, TimeProvider clock, ILogger<SessionCleanup> log)
    : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await sessions.ForgetExpiredAsync(cancellationToken);
        await throttle.ForgetOldAsync(cancellationToken);
        await using var command = database.CreateCommand("DELETE FROM mailed_tokens WHERE expires_at < $1");
        command.Parameters.Add(new() { Value = Clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
