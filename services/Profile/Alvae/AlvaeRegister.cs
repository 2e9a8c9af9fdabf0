using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Profiles;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Alvae;

/// <summary>Gives and takes badges. Runs inside the caller's transaction.</summary>
internal sealed class AlvaeRegister(ProfileDb db, Outbox outbox, ProfileAnnouncer announcer, Notifier notifier, TimeProvider clock)
{
    // Half of an advisory lock's key; the other half is the level.
    private const int LockSpace = 0x416c7661;

    /// <summary>The next number of <paramref name="level"/> for a member. 409 <c>already-alvae</c>, <c>alvae-level-full</c>.</summary>
    public async Task<AlvaeGrant> GrantAsync(Guid id, Guid member, AlvaeLevel level, string? note, Guid founder, CancellationToken cancellationToken)
    {
        // One grant of a level at a time, so that no two see the same highest number; the unique index stands behind it.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockSpace}, {(int)level})", cancellationToken);
        var account = await db.LockAccountAsync(member, cancellationToken) ?? throw Problem.NotFound("member");
        if (await db.GrantOfAsync(member, cancellationToken) is { } held)
            throw Problem.Of(409, "already-alvae", $"This member is {AlvaeLevels.IdOf(held.Number)}; revoke that first.");
        var highest = await db.Set<AlvaeGrant>().Where(g => g.Level == level).MaxAsync(g => (int?)g.Number, cancellationToken);
        var number = AlvaeLevels.Next(level, highest)
            ?? throw Problem.Of(409, "alvae-level-full", "All numbers of this level are given; they are never given again.");
        var grant = new AlvaeGrant
        {
            Id = id,
            Number = number,
            AccountId = member,
            Level = level,
            Note = note,
            GrantedBy = founder,
            GrantedAt = clock.GetUtcNow(),
        };
        db.Add(grant);
        outbox.Publish(new AlvaeGranted { UserId = member, AlvaeId = AlvaeLevels.IdOf(number), Level = level, Sequence = ++account.Sequence });
        await db.SaveChangesAsync(cancellationToken);
        await announcer.AnnounceAsync(account, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await notifier.TellAsync(member, NotificationKind.AlvaeGranted, new(null, null, AlvaeLevels.IdOf(number)), grant.GrantedAt, cancellationToken);
        return grant;
    }

    /// <summary>Takes the badge from whoever holds the number. 404 when nobody does, 409 <c>founder-stays</c> for ALVAE-001.</summary>
    public async Task RevokeAsync(int number, CancellationToken cancellationToken)
    {
        var grant = (await db.Set<AlvaeGrant>().FromSql($"SELECT * FROM alvae_grants WHERE number = {number} AND revoked_at IS NULL FOR UPDATE")
            .ToListAsync(cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound("ALVAE grant");
        if (grant.Level == AlvaeLevel.Founder)
            throw Problem.Of(409, "founder-stays", "The FOUNDER can't be revoked.");
        var account = await db.LockAccountAsync(grant.AccountId ?? default, cancellationToken)
            ?? throw new InvalidOperationException($"{AlvaeLevels.IdOf(number)} has no account.");
        grant.RevokedAt = clock.GetUtcNow();
        outbox.Publish(new AlvaeRevoked { UserId = account.Id, AlvaeId = AlvaeLevels.IdOf(number), Level = grant.Level, Sequence = ++account.Sequence });
        await db.SaveChangesAsync(cancellationToken);
        await announcer.AnnounceAsync(account, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await notifier.TellAsync(account.Id, NotificationKind.AlvaeRevoked, new(null, null, AlvaeLevels.IdOf(number)), clock.GetUtcNow(), cancellationToken);
    }
}
