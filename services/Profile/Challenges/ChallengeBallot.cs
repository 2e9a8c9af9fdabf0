using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Challenges;

/// <summary>Takes entries and votes, in the caller's transaction.</summary>
/// <remarks>
/// Whoever enters or votes shares a lock on the challenge that closing it takes alone, so that nothing comes between counting and closing; and on the track or
/// the entry, so that one that is withdrawn meanwhile takes what was written with it.
/// </remarks>
internal sealed class ChallengeBallot(ProfileDb db, TimeProvider clock)
{
    /// <summary>Enters a track.</summary>
    /// <exception cref="ProblemException">404, 403 <c>not-yours</c>, 409 <c>not-public</c>, <c>challenge-not-open</c>, <c>already-entered</c>.</exception>
    public async Task EnterAsync(Guid id, Guid challenge, Guid member, Guid track, CancellationToken cancellationToken)
    {
        if (!await db.Set<Account>().AnyAsync(a => a.Id == member, cancellationToken))
            throw AccountQueries.Gone();
        await RequireOwnPublicAsync(member, track, cancellationToken);
        var now = clock.GetUtcNow();
        await RequireOpenAsync(challenge, now, cancellationToken);
        var entered = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO challenge_entries (id, challenge_id, account_id, generation_id, entered_at, withdrawn, told)
            VALUES ({id}, {challenge}, {member}, {track}, {now}, false, false) ON CONFLICT (challenge_id, account_id) WHERE NOT withdrawn DO NOTHING
            """,
            cancellationToken);
        if (entered == 0)
            throw Problem.Of(409, "already-entered", "You take part already: one entry a member.");
    }

    /// <summary>Gives a member's one vote to an entry, in the place of the one that had it.</summary>
    /// <exception cref="ProblemException">404, 403 <c>own-entry</c>, 409 <c>challenge-not-open</c>.</exception>
    public async Task VoteAsync(Guid challenge, Guid voter, Guid entry, CancellationToken cancellationToken)
    {
        var artist = await db.Set<ChallengeEntry>().Where(e => e.Id == entry && e.ChallengeId == challenge && !e.Withdrawn).Select(e => (Guid?)e.AccountId).FirstOrDefaultAsync(cancellationToken)
            ?? throw Problem.NotFound("entry");
        if (artist == voter)
            throw Problem.Of(403, "own-entry", "Nobody votes for their own entry.");
        var now = clock.GetUtcNow();
        await RequireOpenAsync(challenge, now, cancellationToken);
        var voted = await db.Database.ExecuteSqlAsync(
            $"""
            WITH entry AS (SELECT id FROM challenge_entries WHERE id = {entry} AND NOT withdrawn FOR SHARE)
            INSERT INTO challenge_votes (challenge_id, voter_id, entry_id, at) SELECT {challenge}, {voter}, id, {now} FROM entry
            ON CONFLICT (challenge_id, voter_id) DO UPDATE SET entry_id = excluded.entry_id, at = excluded.at
            """,
            cancellationToken);
        if (voted == 0)
            throw Problem.NotFound("entry");
    }

    /// <summary>Locks the track, so that it stays public until the entry is there to be withdrawn.</summary>
    private async Task RequireOwnPublicAsync(Guid member, Guid id, CancellationToken cancellationToken)
    {
        var track = (await db.Set<Track>().FromSql($"SELECT * FROM tracks WHERE generation_id = {id} FOR SHARE").AsNoTracking().ToListAsync(cancellationToken)).SingleOrDefault();
        if (track is null or { Deleted: true } or { Hidden: true } or { CompletedAt: null } || (!track.Audible && track.OwnerId != member))
            throw Problem.NotFound("track");
        if (track.OwnerId != member)
            throw Problem.Of(403, "not-yours", "Only tracks of one's own take part.");
        if (!track.Listed)
            throw Problem.Of(409, "not-public", "Make the track public first: whoever votes must be able to find it.");
    }

    private async Task RequireOpenAsync(Guid challenge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await db.Database.SqlQuery<Guid>(
            $"SELECT id AS \"Value\" FROM challenges WHERE id = {challenge} AND status = 'Open' AND closes_at > {now} FOR SHARE").ToListAsync(cancellationToken);
        if (open.Count > 0)
            return;
        var times = await db.Set<Challenge>().AsNoTracking().SingleAsync(c => c.Id == challenge, cancellationToken);
        var when = times.Status switch
        {
            ChallengeStatus.Cancelled => "It was called off.",
            _ when times.OpensAt > now => $"It opens at {times.OpensAt:u}.",
            ChallengeStatus.Scheduled => "It opens in a moment.",
            _ => $"It closed at {times.ClosesAt:u}.",
        };
        throw Problem.Of(
            409, "challenge-not-open", $"This challenge takes no entries and votes now. {when}", retryAfter: null, ("opensAt", times.OpensAt), ("closesAt", times.ClosesAt));
    }
}
