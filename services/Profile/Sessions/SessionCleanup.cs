using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Removes sessions that expired. Revoked ones stay until then, so that their tokens are still known as such.</summary>
internal sealed class SessionCleanup(SessionStore sessions, TimeProvider clock, ILogger<SessionCleanup> log) : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    protected override Task RunAsync(CancellationToken cancellationToken) => sessions.ForgetExpiredAsync(cancellationToken);
}
