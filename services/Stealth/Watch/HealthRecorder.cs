using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;
using Son1kVers3.Stealth.Health;
using Son1kVers3.Stealth.Rotation;

namespace Son1kVers3.Stealth.Watch;

/// <summary>Something that was seen of an account or a proxy.</summary>
internal sealed record Sighting(Guid Subject, bool IsProxy, Observation Seen);

/// <summary>Brings what is seen of accounts and proxies to their health: state, history and event in one transaction, then the rotation.</summary>
/// <remarks>
/// Requests don't wait for it: what must hold at once (a cooldown) the rotation knows already. While the database is away sightings queue up, the oldest
/// give way at <see cref="MostQueued"/>.
/// </remarks>
internal sealed class HealthRecorder(
    IServiceScopeFactory scopes, RotationStore rotation, HealthPolicy policy, TimeProvider clock, ILogger<HealthRecorder> log) : BackgroundService
{
    private const int MostQueued = 10_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly Channel<Sighting> _queue = Channel.CreateBounded<Sighting>(new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Records it soon.</summary>
    public void Tell(Sighting sighting) => _queue.Writer.TryWrite(sighting);

    /// <summary>Records it now, and returns the new state; null when there is no such account or proxy.</summary>
    public async Task<HealthState?> ApplyAsync(Sighting sighting, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StealthDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(db, sighting, cancellationToken) is not { } subject)
            return null;
        var now = clock.GetUtcNow();
        var before = subject.Health;
        var next = HealthMachine.Next(before, sighting.Seen, policy, now, Random.Shared.NextDouble());
        if (ReferenceEquals(next, before))
            return before;
        subject.Health = next;
        await db.SaveChangesAsync(cancellationToken);
        if (next.Status != before.Status || sighting.Seen is Observation.Overridden)
            await TellAsync(db, scope.ServiceProvider.GetRequiredService<Outbox>(), subject, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await PushAsync(subject, sighting.Seen is Observation.Overridden or Observation.Readmitted);
        return next;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var sighting in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryApplyAsync(sighting, stoppingToken))
                await Task.Delay(Retry, clock, stoppingToken);
        }
    }

    /// <summary>The row as it stands, locked until the end of the transaction: sightings of one account follow each other.</summary>
    private static async Task<IObserved?> TakeAsync(StealthDb db, Sighting sighting, CancellationToken cancellationToken)
    {
        if (sighting.IsProxy)
        {
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM proxies WHERE id = {sighting.Subject} FOR UPDATE", cancellationToken);
            return await db.Set<Proxy>().SingleOrDefaultAsync(p => p.Id == sighting.Subject, cancellationToken);
        }

        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE id = {sighting.Subject} FOR UPDATE", cancellationToken);
        return await db.Set<Account>().SingleOrDefaultAsync(a => a.Id == sighting.Subject, cancellationToken);
    }

    private static async Task TellAsync(StealthDb db, Outbox outbox, IObserved subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (subject is Account account)
        {
            outbox.Publish(new AccountHealthChanged
            {
                AccountId = account.Id,
                Provider = account.Provider,
                Status = account.Health.Status.Name(),
                Reason = account.Health.Reason ?? "",
                Sequence = account.Health.Version,
            });
        }

        await db.AddHistoryAsync(HealthEntry.Of(subject, now), cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({StealthDb.FleetChannel}, '')", cancellationToken);
    }

    private async Task PushAsync(IObserved subject, bool lift)
    {
        try
        {
            await rotation.SetHealthAsync(subject, lift);
        }
        catch (Exception e) when (Rotator.IsAway(e))
        {
            // It is told again by whatever makes the account known to a new Redis.
            log.LogInformation("The rotation was not told of {Name}: {Reason}", subject.Name, e.Message);
        }
    }

    private async Task<bool> TryApplyAsync(Sighting sighting, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(sighting, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One sighting that can't be recorded must not keep the others waiting: only while the database is away is there a point in trying again.
            var isAway = e is NpgsqlException { IsTransient: true } || e.InnerException is NpgsqlException { IsTransient: true };
            log.LogWarning(isAway ? null : e, "The health of {Subject} is not recorded{Yet}: {Reason}", sighting.Subject, isAway ? " yet" : "", e.Message);
            return !isAway;
        }
    }
}
