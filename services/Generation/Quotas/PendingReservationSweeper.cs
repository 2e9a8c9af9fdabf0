using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Quotas;

/// <summary>Returns the units of requests that died between asking billing and storing their jobs.</summary>
internal sealed class PendingReservationSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PendingReservationSweeper> log)
    : PeriodicWorker(TimeSpan.FromSeconds(15), clock, log)
{
    /// <summary>No request still works on its reservation after this long.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(60);

    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>One sweep.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        var before = Clock.GetUtcNow() - Age;
        var old = await db.Set<PendingReservation>().AsNoTracking().Where(i => i.TouchedAt < before).OrderBy(i => i.TouchedAt)
            .Select(i => i.Id).Take(100).ToListAsync(cancellationToken);
        foreach (var id in old)
        {
            await Reservations.ReturnAsync(db, outbox, id, "The request did not come to its end.");
            Log.LogInformation("The units of request {Id} went back", id);
        }
    }
}
