using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Avatars;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Profiles;

namespace Son1kVers3.Profile.Reports;

/// <summary>
/// Profiles. The account and its tracks stay; what the member wrote about themselves (name, words, links) and their picture are withheld.
/// They may write other ones: what comes back later never overwrites those.
/// </summary>
internal sealed class ProfileSubject(ProfileDb db, ProfileAnnouncer announcer) : IReportSubject
{
    public ReportKind Kind => ReportKind.Profile;

    public async Task<ReportedThing?> FindAsync(Guid id, Guid viewer, CancellationToken cancellationToken) =>
        await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) is { } account
            ? new ReportedThing(id, null, IReportSubject.Excerpt(TextOf(account))) : null;

    public async Task<bool> HideAsync(Report report, string reason, CancellationToken cancellationToken)
    {
        if (await db.LockAccountAsync(report.SubjectId, cancellationToken) is not { } account)
            return false;
        var avatar = await db.Set<Avatar>().FirstOrDefaultAsync(a => a.AccountId == account.Id, cancellationToken);
        db.Add(new WithheldProfile
        {
            ReportId = report.Id,
            AccountId = account.Id,
            DisplayName = account.DisplayName,
            Bio = account.Bio,
            Links = account.Links,
            AvatarVersion = avatar?.Version,
            LargeAvatar = avatar?.Large,
            SmallAvatar = avatar?.Small,
        });
        if (avatar is not null)
            db.Remove(avatar);
        (account.DisplayName, account.Bio, account.Links, account.AvatarVersion) = (account.Username, null, [], null);
        await announcer.AnnounceAsync(account, cancellationToken);
        return true;
    }

    public async Task RestoreAsync(Report report, CancellationToken cancellationToken)
    {
        if (await db.LockAccountAsync(report.SubjectId, cancellationToken) is not { } account
            || await db.Set<WithheldProfile>().Where(w => w.AccountId == account.Id).OrderByDescending(w => w.ReportId).ToListAsync(cancellationToken) is not { Count: > 0 } withheld)
            return;
        // The latest first, and of what that lacks what an earlier report took: none of them hides it any more.
        foreach (var profile in withheld)
            BringBack(profile, account);
        db.RemoveRange(withheld);
        await announcer.AnnounceAsync(account, cancellationToken);
    }

    private void BringBack(WithheldProfile withheld, Account account)
    {
        account.DisplayName = account.DisplayName == account.Username ? withheld.DisplayName : account.DisplayName;
        account.Bio ??= withheld.Bio;
        account.Links = account.Links is [] ? withheld.Links : account.Links;
        if (account.AvatarVersion is null && withheld is { AvatarVersion: { } version, LargeAvatar: { } large, SmallAvatar: { } small })
        {
            db.Add(new Avatar { AccountId = account.Id, Version = version, Large = large, Small = small });
            account.AvatarVersion = version;
        }
    }

    private static string TextOf(Account account) => string.Join('\n', new[] { account.DisplayName, account.Bio ?? "" }.Concat(account.Links));
}
