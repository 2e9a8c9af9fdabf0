using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;

namespace Son1kVers3.Profile.Profiles;

/// <summary>A member as everyone sees them.</summary>
/// <param name="Id">Of the account.</param>
/// <param name="Username">As it was typed at signing up.</param>
/// <param name="DisplayName">As the member calls themselves.</param>
/// <param name="Bio">Their words about themselves.</param>
/// <param name="Links">Theirs.</param>
/// <param name="AvatarUrl">Their picture, relative to the public origin; null without one.</param>
/// <param name="Tier">As billing told it last.</param>
/// <param name="Alvae">The badge with its border, or null.</param>
/// <param name="Stats">Null when the member does not show them to others.</param>
/// <param name="Badges">What they were honoured for, the latest first.</param>
/// <param name="FollowedByMe">Whether the caller follows them; null when anonymous.</param>
/// <param name="CreatedAt">Since when they are here.</param>
internal sealed record ProfileView(
    Guid Id, string Username, string DisplayName, string? Bio, IReadOnlyList<string> Links, string? AvatarUrl, Tier Tier, AlvaeBadge? Alvae, ProfileStats? Stats,
    IReadOnlyList<BadgeView> Badges, bool? FollowedByMe, DateTimeOffset CreatedAt);

/// <summary>The numbers on a profile.</summary>
/// <param name="Tracks">Listed ones.</param>
/// <param name="Likes">Of all of them.</param>
/// <param name="Plays">Of all of them.</param>
/// <param name="Followers">Who follows the member.</param>
/// <param name="Following">Whom the member follows.</param>
/// <param name="StreakDays">Days in a row with a new track, up to today or yesterday (UTC).</param>
/// <param name="LongestStreakDays">The longest such row of the last year.</param>
internal sealed record ProfileStats(long Tracks, long Likes, long Plays, long Followers, long Following, int StreakDays, int LongestStreakDays);

/// <summary>A badge and when it was awarded.</summary>
internal sealed record BadgeView(Badge Badge, DateTimeOffset AwardedAt);

/// <summary>Reads profiles.</summary>
internal sealed class ProfileReader(ProfileDb db, TimeProvider clock)
{
    private const int StreakDays = 366;

    public async Task<ProfileView> ReadAsync(Account account, Guid? viewer, CancellationToken cancellationToken)
    {
        var grant = await db.GrantOfAsync(account.Id, cancellationToken);
        var tier = await db.TierOfAsync(account.Id, cancellationToken);
        var badges = await db.Set<AwardedBadge>().Where(b => b.AccountId == account.Id).OrderByDescending(b => b.AwardedAt)
            .Select(b => new BadgeView(b.Badge, b.AwardedAt)).ToListAsync(cancellationToken);
        bool? followed = viewer is null ? null : await db.Set<Follows.Follow>().AnyAsync(f => f.FollowerId == viewer && f.FolloweeId == account.Id, cancellationToken);
        var stats = account.StatsVisible || viewer == account.Id ? await StatsAsync(account.Id, cancellationToken) : null;
        return new ProfileView(
            account.Id, account.Username, account.DisplayName, account.Bio, account.Links, AvatarAddress.Of(account.Username, account.AvatarVersion), tier,
            grant is null ? null : AlvaeBadge.Of(grant), stats, badges, followed, account.CreatedAt);
    }

    private async Task<ProfileStats> StatsAsync(Guid id, CancellationToken cancellationToken)
    {
        var sums = await db.Database.SqlQuery<Sums>(
            $"""
            SELECT count(*) AS tracks, coalesce(sum(likes), 0)::bigint AS likes, coalesce(sum(plays), 0)::bigint AS plays,
                (SELECT count(*) FROM follows WHERE followee_id = {id}) AS followers, (SELECT count(*) FROM follows WHERE follower_id = {id}) AS following
            FROM tracks WHERE owner_id = {id} AND listed
            """).SingleAsync(cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var since = today.AddDays(-StreakDays);
        var days = await db.Set<ActiveDay>().Where(d => d.AccountId == id && d.Day > since).Select(d => d.Day).ToListAsync(cancellationToken);
        return new ProfileStats(sums.Tracks, sums.Likes, sums.Plays, sums.Followers, sums.Following, Streaks.Current(days, today), Streaks.Longest(days));
    }

    private sealed record Sums(long Tracks, long Likes, long Plays, long Followers, long Following);
}
