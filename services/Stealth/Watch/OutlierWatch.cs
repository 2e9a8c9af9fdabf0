using Son1kVers3.ServiceDefaults.Workers;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Watch;

/// <summary>Compares the accounts of a provider with each other, over the last two minutes, at all replicas together.</summary>
internal sealed class OutlierWatch(FleetCache fleet, StatisticsReader statistics, HealthRecorder recorder, OutlierPolicy policy, TimeProvider clock, ILogger<OutlierWatch> log)
    : PeriodicWorker(TimeSpan.FromSeconds(5), clock, log)
{
    private const int Minutes = 2;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var snapshot = fleet.Current;
        foreach (var provider in snapshot.Providers.Values.Where(p => p.Accounts.Count > 1))
        {
            var now = Clock.GetUtcNow();
            var seen = await statistics.MinutesAsync(provider, Minutes);
            var decision = policy.Decide([.. provider.Accounts.Where(a => a.Health.Status != HealthStatus.Disabled).Select(a => SampleOf(a, seen[a.Id], snapshot, now))]);
            foreach (var (id, reason) in decision.Eject)
                await recorder.ApplyAsync(new Sighting(id, false, new Observation.Ejected(reason)), cancellationToken);
            foreach (var id in decision.Readmit)
                await recorder.ApplyAsync(new Sighting(id, false, new Observation.Readmitted("too few accounts are left without it")), cancellationToken);
        }
    }

    /// <summary>What it did before it came back is no reason to send it away again.</summary>
    private static OutlierSample SampleOf(Account account, Statistics seen, FleetSnapshot snapshot, DateTimeOffset now)
    {
        var health = account.Health;
        var failing = health.Status == HealthStatus.Degraded && health.Cooldowns == 0;
        var judged = failing || now - health.Since > TimeSpan.FromMinutes(Minutes);
        return new OutlierSample(
            account.Id, ProviderWatch.IsAvailable(account, snapshot, now), health.Reason?.StartsWith(HealthMachine.Outlier, StringComparison.Ordinal) == true,
            judged ? seen.Requests : 0, seen.Errors.Where(e => e.Key == ErrorClass.Transient.Name()).Sum(e => e.Value), seen.MeanMilliseconds);
    }
}
