using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Profiles;

/// <summary>Tells the platform the whole public side of a member, after any part of it changed.</summary>
internal sealed class ProfileAnnouncer(ProfileDb db, Outbox outbox)
{
    /// <summary>Publishes <c>ProfileUpdated</c> with the caller's transaction; what it has changed of tier and badge must be saved before.</summary>
    /// <param name="account">Locked by the caller: its sequence goes on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task AnnounceAsync(Account account, CancellationToken cancellationToken) => outbox.Publish(await EventAsync(account, cancellationToken));

    /// <summary>The event, for those who return it.</summary>
    public async Task<ProfileUpdated> EventAsync(Account account, CancellationToken cancellationToken)
    {
        var tier = await db.TierOfAsync(account.Id, cancellationToken);
        var grant = await db.GrantOfAsync(account.Id, cancellationToken);
        return Event(account, tier, grant);
    }

    private static ProfileUpdated Event(Account account, Tier tier, AlvaeGrant? grant) => new()
    {
        UserId = account.Id,
        Username = account.Username,
        DisplayName = account.DisplayName,
        AvatarUrl = AvatarAddress.Of(account.Username, account.AvatarVersion),
        Bio = account.Bio,
        Links = account.Links,
        Tier = tier,
        Alvae = grant?.Level,
        AlvaeId = grant is null ? null : AlvaeLevels.IdOf(grant.Number),
        Border = grant is null ? null : AlvaeLevels.Of(grant.Level).Border,
        Sequence = ++account.Sequence,
    };
}
