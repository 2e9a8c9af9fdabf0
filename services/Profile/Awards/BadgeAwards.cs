using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;

namespace Son1kVers3.Profile.Awards;

/// <summary>Awards badges, each once, in the transaction of what earned it.</summary>
internal sealed class BadgeAwards(ProfileDb db, Notifier notifier)
{
    // Half of an advisory lock's key space; the other half is the member.
    private const int LockSpace = 0x62616467;

    /// <summary>One event of a member at a time, so that each sees what the one before has counted.</summary>
    public Task LockAsync(Guid account, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockSpace}, hashtext({account.ToString()}))", cancellationToken);

    /// <summary>After a track of the member was completed: how many there are, and on how many days in a row.</summary>
    public async Task OnCreationAsync(Guid account, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var newDay = await db.Database.ExecuteSqlAsync($"INSERT INTO active_days (account_id, day) VALUES ({account}, {day}) ON CONFLICT DO NOTHING", cancellationToken) == 1;
        var tracks = await db.Database.SqlQuery<int>(
            $"SELECT count(*)::int AS \"Value\" FROM (SELECT FROM wall_entries WHERE account_id = {account} AND kind <> 'Collab' LIMIT 100) most").SingleAsync(cancellationToken);
        if (tracks >= 1)
            await AwardAsync(account, Badge.FirstTrack, at, cancellationToken);
        if (tracks >= 10)
            await AwardAsync(account, Badge.TenTracks, at, cancellationToken);
        if (tracks >= 100)
            await AwardAsync(account, Badge.HundredTracks, at, cancellationToken);
        if (newDay && await IsInWeekAsync(account, day, cancellationToken))
            await AwardAsync(account, Badge.WeekStreak, at, cancellationToken);
    }

    /// <summary>Awards a badge, unless the member has it or is gone.</summary>
    public async Task AwardAsync(Guid account, Badge badge, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var isNew = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO badges (account_id, badge, awarded_at) SELECT id, {badge.ToString()}, {at} FROM accounts WHERE id = {account} ON CONFLICT DO NOTHING", cancellationToken) == 1;
        if (isNew)
            await notifier.TellAsync(account, NotificationKind.BadgeAwarded, new(null, null, EnumNames<Badge>.Of(badge)), at, cancellationToken);
    }

    // A day can only be part of a week with the six before and the six after it.
    private async Task<bool> IsInWeekAsync(Guid account, DateOnly day, CancellationToken cancellationToken)
    {
        var (from, to) = (day.AddDays(1 - Streaks.Week), day.AddDays(Streaks.Week - 1));
        var days = await db.Set<ActiveDay>().Where(d => d.AccountId == account && d.Day >= from && d.Day <= to).Select(d => d.Day).ToListAsync(cancellationToken);
        return Streaks.Longest(days) >= Streaks.Week;
    }
}
