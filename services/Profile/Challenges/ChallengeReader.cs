using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Challenges;

/// <summary>A challenge.</summary>
/// <param name="Id">Of the challenge.</param>
/// <param name="Title">Its theme.</param>
/// <param name="Description">What is asked for.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="OpensAt">From when on it takes entries and votes.</param>
/// <param name="ClosesAt">Until when.</param>
/// <param name="CancelReason">Why it was called off, or null.</param>
/// <param name="Entries">How many take part.</param>
/// <param name="Winners">Who shares the first place; none before it has closed, or without a vote.</param>
/// <param name="MyEntry">The caller's entry, or null.</param>
/// <param name="MyVote">The entry that has the caller's vote, or null.</param>
internal sealed record ChallengeView(
    Guid Id, string Title, string Description, ChallengeStatus Status, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, string? CancelReason, int Entries,
    IReadOnlyList<MemberView> Winners, Guid? MyEntry, Guid? MyVote);

/// <summary>A track in a challenge.</summary>
/// <param name="Id">Of the entry.</param>
/// <param name="Artist">Whose it is.</param>
/// <param name="Track">Its card; null when not everybody may hear it any more.</param>
/// <param name="Place">1 for the winners, who may be several; null until the challenge closes.</param>
/// <param name="Votes">Null until the challenge closes.</param>
/// <param name="Mine">The caller's own; null when anonymous.</param>
/// <param name="EnteredAt">When it was entered.</param>
internal sealed record EntryView(Guid Id, MemberView Artist, CardView? Track, int? Place, int? Votes, bool? Mine, DateTimeOffset EnteredAt);

/// <summary>Where a page of challenges ended.</summary>
internal readonly record struct ChallengeKey(DateTimeOffset OpensAt, Guid Id);

/// <summary>Where a page of entries ended: by place once there are places, before that the newest first.</summary>
internal readonly record struct EntryKey(int Place, Guid Id);

/// <summary>Reads challenges and their entries.</summary>
internal sealed class ChallengeReader(ProfileDb db)
{
    private const int MostWinners = 20;

    /// <summary>A page, the latest first. 400 for a status that there is not.</summary>
    public async Task<Page<ChallengeView>> ListAsync(string? status, bool withCancelled, Guid? viewer, PageQuery page, CancellationToken cancellationToken)
    {
        var wanted = Words.Read<ChallengeStatus>("status", status);
        var after = page.After<ChallengeKey>();
        var challenges = db.Set<Challenge>().Where(c => wanted == null ? withCancelled || c.Status != ChallengeStatus.Cancelled : c.Status == wanted);
        if (after is { } key)
            challenges = challenges.Where(c => c.OpensAt < key.OpensAt || (c.OpensAt == key.OpensAt && c.Id.CompareTo(key.Id) < 0));
        var views = await ReadAsync(challenges.OrderByDescending(c => c.OpensAt).ThenByDescending(c => c.Id).Take(page.Limit + 1), viewer, cancellationToken);
        return Page<ChallengeView>.Of(views, page, c => new ChallengeKey(c.OpensAt, c.Id));
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<ChallengeView> RequireAsync(Guid id, Guid? viewer, CancellationToken cancellationToken) =>
        (await ReadAsync(db.Set<Challenge>().Where(c => c.Id == id), viewer, cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound("challenge");

    /// <summary>A page of the entries that stand: a leaderboard once there are places, the newest first before.</summary>
    public async Task<Page<EntryView>> EntriesAsync(Guid challenge, Guid? viewer, PageQuery page, CancellationToken cancellationToken)
    {
        var closed = await db.Set<Challenge>().AnyAsync(c => c.Id == challenge && c.Status == ChallengeStatus.Closed, cancellationToken);
        var entries = db.Set<ChallengeEntry>().Where(e => e.ChallengeId == challenge && !e.Withdrawn);
        // A page that was begun before the places were known goes on at the first place.
        var (place, id) = page.After<EntryKey>() is { } after ? (after.Place, after.Id) : (0, closed ? Guid.Empty : Guid.AllBitsSet);
        entries = closed
            ? entries.Where(e => e.Place > place || (e.Place == place && e.Id.CompareTo(id) > 0)).OrderBy(e => e.Place).ThenBy(e => e.Id)
            : entries.Where(e => e.Id.CompareTo(id) < 0).OrderByDescending(e => e.Id);
        var rows = await ReadAsync(entries.Take(page.Limit + 1), viewer, cancellationToken);
        return Page<EntryView>.Of(rows, page, e => new EntryKey(e.Place ?? 0, e.Id));
    }

    /// <summary>An entry that is known to be there.</summary>
    public async Task<EntryView> RequireEntryAsync(Guid id, Guid viewer, CancellationToken cancellationToken) =>
        (await ReadAsync(db.Set<ChallengeEntry>().Where(e => e.Id == id), viewer, cancellationToken)).Single();

    private async Task<List<ChallengeView>> ReadAsync(IQueryable<Challenge> challenges, Guid? viewer, CancellationToken cancellationToken)
    {
        var entries = db.Set<ChallengeEntry>();
        var rows = await challenges.AsNoTracking().Select(c => new
        {
            Challenge = c,
            Entries = entries.Count(e => e.ChallengeId == c.Id && !e.Withdrawn),
            Winners = entries.Where(e => e.ChallengeId == c.Id && e.Place == 1 && e.Votes > 0).OrderBy(e => e.Id).Take(MostWinners).Select(e => e.AccountId).ToList(),
            MyEntry = entries.Where(e => e.ChallengeId == c.Id && e.AccountId == viewer && !e.Withdrawn).Select(e => (Guid?)e.Id).FirstOrDefault(),
            MyVote = db.Set<ChallengeVote>().Where(v => v.ChallengeId == c.Id && v.VoterId == viewer).Select(v => (Guid?)v.EntryId).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.SelectMany(r => r.Winners), cancellationToken);
        return [.. rows.Select(r => new ChallengeView(
            r.Challenge.Id, r.Challenge.Title, r.Challenge.Description, r.Challenge.Status, r.Challenge.OpensAt, r.Challenge.ClosesAt, r.Challenge.CancelReason, r.Entries,
            [.. r.Winners.Select(members.Of)], r.MyEntry, r.MyVote))];
    }

    private async Task<List<EntryView>> ReadAsync(IQueryable<ChallengeEntry> entries, Guid? viewer, CancellationToken cancellationToken)
    {
        var rows = await entries.AsNoTracking().ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.Select(e => e.AccountId), cancellationToken);
        // Only of those that everybody may hear; on this context's connection, for an entry is read within the transaction that makes it.
        var cards = await CardReader.ReadAsync(
            db, $"SELECT {CardReader.Columns} FROM tracks t {CardReader.Joins} WHERE t.generation_id = ANY($2) AND t.audible",
            viewer, [rows.Select(e => e.GenerationId).ToArray()], (_, card) => card, cancellationToken);
        var tracks = cards.ToDictionary(card => card.Id);
        return [.. rows.Select(e => new EntryView(
            e.Id, members.Of(e.AccountId), tracks.GetValueOrDefault(e.GenerationId), e.Place, e.Votes, viewer is null ? null : e.AccountId == viewer, e.EnteredAt))];
    }
}
