using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Tracks;

namespace Son1kVers3.Profile.Notifications;

/// <summary>Something that a member is told.</summary>
/// <param name="Id">To mark it read by.</param>
/// <param name="Kind">What happened.</param>
/// <param name="SubjectId">The track, export or other thing that it is about.</param>
/// <param name="Title">Of the track, as it is called now.</param>
/// <param name="Detail">A reason, a badge's name (<c>first-track</c>), an ALVAE number, a place; a comment's text as it is now, null once it is gone or hidden.</param>
/// <param name="Actors">Who did it, the latest first, at most three.</param>
/// <param name="ActorCount">How many did it: "Ana and 3 others".</param>
/// <param name="CreatedAt">When the first of the group happened.</param>
/// <param name="UpdatedAt">When the last of the group happened.</param>
/// <param name="Read">Whether it was seen.</param>
internal sealed record NotificationView(
    Guid Id, NotificationKind Kind, Guid? SubjectId, string? Title, string? Detail, IReadOnlyList<MemberView> Actors, int ActorCount, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, bool Read);

/// <summary>Reads members' notifications.</summary>
internal sealed class NotificationReader(IServiceScopeFactory scopes)
{
    private const int ShownActors = 3;

    /// <summary>At most <paramref name="limit"/> before a position, newest first.</summary>
    public Task<List<(long Position, NotificationView View)>> NewestAsync(Guid account, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(db => db.Set<Notification>().Where(n => n.AccountId == account && (before == null || n.Position < before)).OrderByDescending(n => n.Position).Take(limit), cancellationToken);

    /// <summary>At most <paramref name="limit"/> after a position, in their order.</summary>
    public Task<List<(long Position, NotificationView View)>> AfterAsync(Guid account, long position, int limit, CancellationToken cancellationToken) =>
        ReadAsync(db => db.Set<Notification>().Where(n => n.AccountId == account && n.Position > position).OrderBy(n => n.Position).Take(limit), cancellationToken);

    public async Task<int> UnreadAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProfileDb>();
        return await db.Set<Notification>().CountAsync(n => n.AccountId == account && n.ReadAt == null, cancellationToken);
    }

    /// <summary>One notification, as it is now; null when it is gone.</summary>
    public async Task<NotificationView?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync(db => db.Set<Notification>().Where(n => n.Id == id), cancellationToken)).Select(row => row.View).FirstOrDefault();

    /// <summary>Of these members those who are not to be disturbed now, and until when.</summary>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset?>> QuietUntilAsync(IEnumerable<Guid> accounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = accounts.Distinct().ToArray();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProfileDb>();
        var rows = await db.Set<NotificationPreferences>().AsNoTracking().Where(p => wanted.Contains(p.AccountId) && p.QuietFrom != null).ToListAsync(cancellationToken);
        return rows.ToDictionary(p => p.AccountId, p => p.QuietHours?.EndAfter(now, LocalTime.Zone(p.TimeZone)));
    }

    // A scope of its own: a stream reads for hours, and holds no connection between.
    private async Task<List<(long Position, NotificationView View)>> ReadAsync(
        Func<ProfileDb, IQueryable<Notification>> query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProfileDb>();
        var rows = await query(db).AsNoTracking()
            .Select(n => new
            {
                Notification = n,
                Title = db.Set<Track>().Where(t => t.GenerationId == n.SubjectId).Select(t => t.Title).FirstOrDefault(),
                Detail = n.CommentId == null
                    ? n.Detail
                    : db.Set<Comment>().Where(c => c.Id == n.CommentId && c.HiddenAt == null && db.Set<Account>().Any(a => a.Id == c.AuthorId)).Select(c => c.Text).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.SelectMany(r => r.Notification.Actors.Take(ShownActors)), cancellationToken);
        return [.. rows.Select(r => (r.Notification.Position, View(r.Notification, r.Title, r.Detail, members)))];
    }

    private static NotificationView View(Notification n, string? title, string? detail, IReadOnlyDictionary<Guid, MemberView> members) => new(
        n.Id, n.Kind, n.SubjectId, title ?? n.Title, detail, [.. n.Actors.Take(ShownActors).Select(members.Of)], n.ActorCount, n.CreatedAt, n.UpdatedAt, n.ReadAt is not null);
}
