using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Members;

/// <summary>A member in a line: in lists, beside comments and in notifications.</summary>
/// <param name="Username"><c>deleted</c> when the member is gone.</param>
/// <param name="DisplayName">As the member calls themselves.</param>
/// <param name="AvatarUrl">Their picture, or null.</param>
/// <param name="Alvae">Their badge, or null.</param>
/// <param name="Border">Its colour, or null.</param>
internal sealed record MemberView(string Username, string DisplayName, string? AvatarUrl, AlvaeLevel? Alvae, string? Border)
{
    public static readonly MemberView Deleted = new(Account.DeletedName, Account.DeletedName, null, null, null);

    public static MemberView Of(Account account, AlvaeLevel? level) => new(
        account.Username, account.DisplayName, AvatarAddress.Of(account.Username, account.AvatarVersion), level, level is { } known ? AlvaeLevels.Of(known).Border : null);
}

internal static class MemberQueries
{
    /// <summary>The members of these ids, in one query.</summary>
    public static async Task<IReadOnlyDictionary<Guid, MemberView>> MembersAsync(this ProfileDb db, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().ToArray();
        var rows = await db.Set<Account>().AsNoTracking().Where(a => wanted.Contains(a.Id))
            .Select(a => new
            {
                Account = a,
                Level = db.Set<AlvaeGrant>().Where(g => g.AccountId == a.Id && g.RevokedAt == null).Select(g => (AlvaeLevel?)g.Level).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return rows.ToDictionary(r => r.Account.Id, r => MemberView.Of(r.Account, r.Level));
    }

    /// <summary>A member, or what stands for one who is gone.</summary>
    public static MemberView Of(this IReadOnlyDictionary<Guid, MemberView> members, Guid id) => members.GetValueOrDefault(id, MemberView.Deleted);
}
