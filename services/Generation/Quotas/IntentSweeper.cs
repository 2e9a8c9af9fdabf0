using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Quotas;

/// <summary>Gives back the units of requests that died between asking billing and storing their jobs.</summary>
internal sealed class IntentSweeper(IServiceScopeFactory scopes, TimeProvider clock, ILogger<IntentSweeper> log)
    : PeriodicWorker(TimeSpan.FromSeconds(15), clock, log)
{
    /// <summary>No request is still at work on its intent after this long.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(60);

    protected override Task RunAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    /// <summary>One sweep.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        var before = Clock.GetUtcNow() - Age;
        var old = await db.Set<Intent>().AsNoTracking().Where(i => i.TouchedAt < before).OrderBy(i => i.TouchedAt).Select(i => i.Id).Take(100).ToListAsync(cancellationToken);
        foreach (var id in old)
        {
            await Reservations.GiveBackAsync(db, outbox, id, "The request did not come to its end.");
            Log.LogInformation("The units of request {Id} went back", id);
        }
    }
}
