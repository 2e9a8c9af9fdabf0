using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Analytics;
using Son1kVers3.Profile.Awards;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Profile.Wall;

/// <summary>
/// A track exists: it goes on its owner's wall. Told again (with what earlier events lacked), it only completes the facts. An owner who is gone gets nothing:
/// what is in the pool stays under no name, and everything else is about to be deleted.
/// </summary>
internal sealed class OnGenerationCompleted(ProfileDb db, BadgeAwards badges, Notifier notifier, AnalyticsLog analytics) : IHandle<GenerationCompleted>
{
    public async Task<Event[]> HandleAsync(GenerationCompleted message, CancellationToken cancellationToken)
    {
        await badges.LockAsync(message.UserId, cancellationToken);
        await UpsertAsync(message, cancellationToken);
        var kind = message.ParentId is null ? WallKind.Music : WallKind.Project;
        var isNew = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO wall_entries (account_id, generation_id, kind, added_at, archived, pinned)
            SELECT id, {message.GenerationId}, {kind.ToString()}, {message.OccurredAt}, false, false FROM accounts WHERE id = {message.UserId} ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
        if (!isNew)
            return [];
        await badges.OnCreationAsync(message.UserId, message.OccurredAt, cancellationToken);
        await notifier.TellAsync(message.UserId, NotificationKind.TrackCompleted, new(message.GenerationId, message.Title), message.OccurredAt, cancellationToken);
        var properties = new ActivityProperties { Tier = message.Tier, Quality = message.Quality, Allowance = message.Allowance, Derived = message.ParentId is not null };
        await analytics.RecordAsync(message.UserId, Activity.Generated, message, properties, cancellationToken);
        return [];
    }

    private Task UpsertAsync(GenerationCompleted m, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO tracks AS t (generation_id, owner_id, title, genre, mood, tempo, key, duration_seconds, quality, parent_id, palette, peaks, features, visibility, completed_at, sequence,
            hidden, illegal, hidden_sequence, deleted, contributed, likes, likes_sequence, plays, comments)
        VALUES ({m.GenerationId}, (SELECT id FROM accounts WHERE id = {m.UserId}), {m.Title}, {m.Genre}, {m.Mood}, {m.Tempo}, {m.Key}, {m.DurationSeconds}, {m.Quality.ToString()}, {m.ParentId},
            {m.Palette.ToArray()}, {m.Peaks.ToArray()}, {m.Features.ToArray()}, {m.Visibility.ToString()}, {m.OccurredAt}, {m.Sequence}, false, false, 0, false, false, 0, 0, 0, 0)
        ON CONFLICT (generation_id) DO UPDATE SET
            owner_id = excluded.owner_id, genre = excluded.genre, mood = excluded.mood, tempo = excluded.tempo, key = excluded.key,
            duration_seconds = excluded.duration_seconds, quality = excluded.quality, parent_id = excluded.parent_id, palette = excluded.palette, peaks = excluded.peaks,
            features = excluded.features,
            title = CASE WHEN excluded.sequence >= t.sequence THEN excluded.title ELSE t.title END,
            visibility = CASE WHEN excluded.sequence >= t.sequence THEN excluded.visibility ELSE t.visibility END,
            sequence = greatest(excluded.sequence, t.sequence),
            completed_at = coalesce(t.completed_at, excluded.completed_at)
        WHERE NOT t.deleted
        """,
        cancellationToken);
}

/// <summary>Title or visibility changed.</summary>
internal sealed class OnGenerationUpdated(ProfileDb db) : IHandle<GenerationUpdated>
{
    public async Task<Event[]> HandleAsync(GenerationUpdated message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.UserId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET title = {message.Title}, visibility = {message.Visibility.ToString()}, sequence = {message.Sequence}
            WHERE generation_id = {message.GenerationId} AND sequence < {message.Sequence} AND NOT deleted
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>A track is gone, for good: no event that comes later brings it back.</summary>
internal sealed class OnGenerationDeleted(ProfileDb db) : IHandle<GenerationDeleted>
{
    public async Task<Event[]> HandleAsync(GenerationDeleted message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.UserId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET deleted = true, title = NULL, palette = '{{}}', peaks = '{{}}' WHERE generation_id = {message.GenerationId}", cancellationToken);
        return [];
    }
}

/// <summary>A job ended without a track.</summary>
internal sealed class OnGenerationFailed(Notifier notifier) : IHandle<GenerationFailed>
{
    public async Task<Event[]> HandleAsync(GenerationFailed message, CancellationToken cancellationToken)
    {
        await notifier.TellAsync(message.UserId, NotificationKind.TrackFailed, new(message.GenerationId, null, message.Reason), message.OccurredAt, cancellationToken);
        return [];
    }
}

/// <summary>A track was taken out of sight. Its owner is told, unless it was reported: the decision about the report told it already, and how to appeal.</summary>
internal sealed class OnTrackHidden(ProfileDb db, Notifier notifier) : IHandle<TrackHidden>
{
    public async Task<Event[]> HandleAsync(TrackHidden message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.UserId, cancellationToken);
        if (await db.SetHiddenAsync(message.GenerationId, hidden: true, message.Reason == ModerateTrack.Illegal, message.Sequence, cancellationToken) && message.ReportId is null)
            await notifier.TellAsync(message.UserId, NotificationKind.TrackHidden, new(message.GenerationId, null, message.Reason), message.OccurredAt, cancellationToken);
        return [];
    }
}

/// <summary>A hidden track is back.</summary>
internal sealed class OnTrackRestored(ProfileDb db, Notifier notifier) : IHandle<TrackRestored>
{
    public async Task<Event[]> HandleAsync(TrackRestored message, CancellationToken cancellationToken)
    {
        await db.StubTrackAsync(message.GenerationId, message.UserId, cancellationToken);
        if (await db.SetHiddenAsync(message.GenerationId, hidden: false, illegal: false, message.Sequence, cancellationToken) && message.ReportId is null)
            await notifier.TellAsync(message.UserId, NotificationKind.TrackRestored, new(message.GenerationId), message.OccurredAt, cancellationToken);
        return [];
    }
}
