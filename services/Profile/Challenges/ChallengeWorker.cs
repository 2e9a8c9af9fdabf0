using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Awards;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Challenges;

/// <summary>Opens challenges, counts and closes them, and tells who took part how it ended.</summary>
/// <remarks>
/// Each step is a transaction of its own that finds by itself what is left to do: one that was cut off is done by the next round, on whichever replica,
/// and two replicas pass over what the other one holds. Whom a cancelled or closed challenge has told is written with the notification.
/// </remarks>
internal sealed class ChallengeWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ChallengeWorker> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(5)) { StartsAtOnce = true }, clock, log)
{
    private const int TellBatch = 50;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await InScopeAsync((services, now) => OpenAsync(services.GetRequiredService<ProfileDb>(), now, cancellationToken));
        while (await InScopeAsync((services, now) => CloseAsync(services.GetRequiredService<ProfileDb>(), now, cancellationToken)))
        {
        }

        while (await InScopeAsync((services, now) => TellAsync(services, now, cancellationToken)))
        {
        }
    }

    private static async Task<bool> OpenAsync(ProfileDb db, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync($"UPDATE challenges SET status = 'Open' WHERE status = 'Scheduled' AND opens_at <= {now}", cancellationToken) > 0;

    /// <summary>Closes one that is due. False when none is, or who still votes holds it: then the next round does it.</summary>
    private static async Task<bool> CloseAsync(ProfileDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.Set<Challenge>().FromSql(
            $"SELECT * FROM challenges WHERE status = 'Open' AND closes_at <= {now} ORDER BY closes_at LIMIT 1 FOR UPDATE SKIP LOCKED").ToListAsync(cancellationToken);
        if (due is not [var challenge])
            return false;
        // Locked before they are counted: none is withdrawn between its place and its votes.
        await db.Database.ExecuteSqlAsync($"SELECT FROM challenge_entries WHERE challenge_id = {challenge.Id} AND NOT withdrawn ORDER BY id FOR UPDATE", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE challenge_entries e SET votes = counted.votes, place = counted.place
            FROM (SELECT e.id, count(v.voter_id)::int AS votes, (rank() OVER (ORDER BY count(v.voter_id) DESC))::int AS place
                FROM challenge_entries e LEFT JOIN challenge_votes v ON v.entry_id = e.id
                WHERE e.challenge_id = {challenge.Id} AND NOT e.withdrawn GROUP BY e.id) counted
            WHERE counted.id = e.id
            """,
            cancellationToken);
        challenge.Status = ChallengeStatus.Closed;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Tells some of those who took part. False when all have been told.</summary>
    private static async Task<bool> TellAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (db, notifier, badges) = (services.GetRequiredService<ProfileDb>(), services.GetRequiredService<Notifier>(), services.GetRequiredService<BadgeAwards>());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var entries = await db.Set<ChallengeEntry>().FromSql(
            $"""
            SELECT e.* FROM challenge_entries e JOIN challenges c ON c.id = e.challenge_id
            WHERE NOT e.told AND NOT e.withdrawn AND c.status IN ('Closed', 'Cancelled') ORDER BY e.account_id LIMIT {TellBatch} FOR UPDATE OF e SKIP LOCKED
            """).AsNoTracking().ToListAsync(cancellationToken);
        var over = entries.Select(e => e.ChallengeId).ToHashSet();
        var challenges = await db.Set<Challenge>().AsNoTracking().Where(c => over.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancellationToken);
        foreach (var entry in entries)
        {
            var (kind, subject) = ResultOf(challenges[entry.ChallengeId], entry);
            if (kind == NotificationKind.ChallengeWon)
                await badges.AwardAsync(entry.AccountId, Badge.ChallengeWinner, now, cancellationToken);
            await notifier.TellAsync(entry.AccountId, kind, subject, now, cancellationToken);
        }

        var told = entries.Select(e => e.Id).ToArray();
        await db.Set<ChallengeEntry>().Where(e => told.Contains(e.Id)).ExecuteUpdateAsync(row => row.SetProperty(e => e.Told, true), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return entries.Count == TellBatch;
    }

    private static (NotificationKind Kind, Subject Subject) ResultOf(Challenge challenge, ChallengeEntry entry) => (challenge, entry) switch
    {
        ({ Status: ChallengeStatus.Cancelled }, _) => (NotificationKind.ChallengeCancelled, new(challenge.Id, challenge.Title, challenge.CancelReason)),
        (_, { Place: 1, Votes: > 0 }) => (NotificationKind.ChallengeWon, new(challenge.Id, challenge.Title)),
        _ => (NotificationKind.ChallengeClosed, new(challenge.Id, challenge.Title, $"{entry.Place}")),
    };

    private async Task<bool> InScopeAsync(Func<IServiceProvider, DateTimeOffset, Task<bool>> step)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await step(scope.ServiceProvider, Clock.GetUtcNow());
    }
}
