using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Analytics;
using Son1kVers3.Profile.Awards;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Wall;

/// <summary>A track is in the pool: everybody may hear it.</summary>
internal sealed class OnTrackContributed(ProfileDb db, BadgeAwards badges, Notifier notifier, AnalyticsLog analytics) : IHandle<TrackContributed>
{
    public async Task<Event[]> HandleAsync(TrackContributed message, CancellationToken cancellationToken)
    {
        await badges.LockAsync(message.UserId, cancellationToken);
        await db.StubTrackAsync(message.GenerationId, message.UserId, cancellationToken);
        await db.SetContributedAsync(message.GenerationId, contributed: true, message.OccurredAt, cancellationToken);
        await badges.AwardAsync(message.UserId, Badge.FirstContribution, message.OccurredAt, cancellationToken);
        if (message.Automatic)
            await notifier.TellAsync(message.UserId, NotificationKind.TrackContributed, new(message.GenerationId), message.OccurredAt, cancellationToken);
        await analytics.RecordAsync(message.UserId, Activity.Contributed, message, new ActivityProperties { Automatic = message.Automatic }, cancellationToken);
        return [];
    }
}

/// <summary>A contributed track gave its place to another one.</summary>
internal sealed class OnTrackSwapped(ProfileDb db) : IHandle<TrackSwapped>
{
    public async Task<Event[]> HandleAsync(TrackSwapped message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.OldGenerationId, message.UserId, cancellationToken);
        await db.StubTrackAsync(message.NewGenerationId, message.UserId, cancellationToken);
        await db.SetContributedAsync(message.OldGenerationId, contributed: false, message.OccurredAt, cancellationToken);
        await db.SetContributedAsync(message.NewGenerationId, contributed: true, message.OccurredAt, cancellationToken);
        return [];
    }
}

/// <summary>A member claimed a track: a licensed copy stands on their wall, with the artist's name on it, and the artist hears of it.</summary>
internal sealed class OnTrackClaimed(ProfileDb db, Notifier notifier, AnalyticsLog analytics) : IHandle<TrackClaimed>
{
    public async Task<Event[]> HandleAsync(TrackClaimed message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.ContributedBy, cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE tracks SET claimed_by = (SELECT id FROM accounts WHERE id = {message.ClaimedBy}) WHERE generation_id = {message.GenerationId}", cancellationToken);
        var isNew = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO wall_entries (account_id, generation_id, kind, added_at, archived, pinned)
            SELECT id, {message.GenerationId}, {WallKind.Collab.ToString()}, {message.OccurredAt}, false, false FROM accounts WHERE id = {message.ClaimedBy} ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
        if (!isNew)
            return [];
        await notifier.TellAsync(message.ContributedBy, NotificationKind.TrackClaimed, new(message.GenerationId, message.Title) { Actor = message.ClaimedBy }, message.OccurredAt, cancellationToken);
        await analytics.RecordAsync(message.ClaimedBy, Activity.Claimed, message, properties: null, cancellationToken);
        return [];
    }
}

/// <summary>Who likes a track, and how many.</summary>
internal sealed class OnTrackLiked(ProfileDb db, Notifier notifier, AnalyticsLog analytics) : IHandle<TrackLiked>
{
    public async Task<Event[]> HandleAsync(TrackLiked message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.OwnerId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET likes = {message.Likes}, likes_sequence = {message.Sequence} WHERE generation_id = {message.GenerationId} AND likes_sequence < {message.Sequence}",
            cancellationToken);
        var changed = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO track_likes AS l (account_id, generation_id, liked, sequence, changed_at)
            SELECT id, {message.GenerationId}, {message.Liked}, {message.Sequence}, {message.OccurredAt} FROM accounts WHERE id = {message.UserId}
            ON CONFLICT (account_id, generation_id) DO UPDATE SET liked = excluded.liked, sequence = excluded.sequence, changed_at = excluded.changed_at
            WHERE l.sequence < excluded.sequence
            """,
            cancellationToken) == 1;
        if (changed && message.Liked)
        {
            await notifier.TellAsync(
                message.OwnerId, NotificationKind.TrackLiked, new(message.GenerationId) { Actor = message.UserId }, message.OccurredAt, cancellationToken);
            await analytics.RecordAsync(message.UserId, Activity.Liked, message, properties: null, cancellationToken);
        }

        return [];
    }
}

/// <summary>How often a track was played: the number only grows.</summary>
internal sealed class OnTrackPlayed(ProfileDb db, AnalyticsLog analytics) : IHandle<TrackPlayed>
{
    public async Task<Event[]> HandleAsync(TrackPlayed message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.OwnerId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET plays = {message.Plays} WHERE generation_id = {message.GenerationId} AND plays < {message.Plays}", cancellationToken);
        await analytics.RecordAsync(message.UserId, Activity.Played, message, properties: null, cancellationToken);
        return [];
    }
}

/// <summary>Some are among the first ten of the ranking, and one leads it.</summary>
internal sealed class OnRankingChanged(BadgeAwards badges) : IHandle<RankingChanged>
{
    public async Task<Event[]> HandleAsync(RankingChanged message, CancellationToken cancellationToken)
    {
        // In one order everywhere: two time frames that change at once would else wait for each other's members.
        foreach (var member in message.FirstPlaces.Union([message.LeaderId]).Order())
        {
            await badges.AwardAsync(member, Badge.TopTen, message.OccurredAt, cancellationToken);
            if (member == message.LeaderId)
                await badges.AwardAsync(member, Badge.RankingLeader, message.OccurredAt, cancellationToken);
        }

        return [];
    }
}
