using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Community;

/// <summary>
/// Takes a track out of sight, or brings it back once no decision hides it any more (<see cref="TrackHide"/>), and tells everybody. What it
/// is already, it stays without news; where another decision outweighs this one, whoever asked is told how it stands.
/// </summary>
internal sealed class OnModerateTrack(GenerationDb db, TimeProvider clock) : IHandle<ModerateTrack>
{
    public async Task<Event[]> HandleAsync(ModerateTrack message, CancellationToken cancellationToken)
    {
        // Locked, so that decisions about one track go one after another.
        var found = await db.Tracks.FromSql($"SELECT * FROM tracks WHERE id = {message.GenerationId} AND deleted_at IS NULL FOR UPDATE")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (found is not [var track])
            return [];
        if (!await RecordAsync(message, cancellationToken))
            return [];
        var standing = Heaviest(await db.Set<TrackHide>().AsNoTracking().Where(h => h.TrackId == track.Id && h.Reason != null)
            .ToListAsync(cancellationToken));
        var isAsAsked = message.Hidden ? standing?.Reason == message.Reason : standing is null;
        if (isAsAsked && standing?.Reason == track.HiddenReason && standing is null == track.HiddenAt is null)
            return [];
        return [await ApplyAsync(track, standing, message, cancellationToken)];
    }

    /// <summary>What also takes claimed copies goes before everything, else the latest decision.</summary>
    private static TrackHide? Heaviest(IEnumerable<TrackHide> hides) =>
        hides.OrderByDescending(h => h.Reason == ModerateTrack.Illegal).ThenByDescending(h => h.DecidedAt).FirstOrDefault();

    /// <returns>False when a later decision of the same moderator is known: messages may overtake each other.</returns>
    private async Task<bool> RecordAsync(ModerateTrack message, CancellationToken cancellationToken)
    {
        var reason = message.Hidden ? message.Reason : null;
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO track_hides AS known (track_id, reported, report_id, reason, decided_at)
            VALUES ({message.GenerationId}, {message.ReportId is not null}, {message.ReportId}, {reason}, {message.DecidedAt ?? clock.GetUtcNow()})
            ON CONFLICT (track_id, reported) DO UPDATE
                SET report_id = excluded.report_id, reason = excluded.reason, decided_at = excluded.decided_at
                WHERE known.decided_at <= excluded.decided_at
            """,
            cancellationToken) == 1;
    }

    private async Task<Event> ApplyAsync(Track track, TrackHide? standing, ModerateTrack message, CancellationToken cancellationToken)
    {
        DateTimeOffset? hiddenAt = standing is null ? null : track.HiddenAt ?? clock.GetUtcNow();
        var reason = standing?.Reason;
        await db.Tracks.Where(t => t.Id == track.Id).ExecuteUpdateAsync(
            row => row.SetProperty(t => t.HiddenAt, hiddenAt).SetProperty(t => t.HiddenReason, reason)
                .SetProperty(t => t.Sequence, t => t.Sequence + 1),
            cancellationToken);
        var sequence = track.Sequence + 1;
        return standing is null
            ? new TrackRestored { Sequence = sequence, GenerationId = track.Id, UserId = track.UserId, ReportId = message.ReportId }
            : new TrackHidden
            {
                Sequence = sequence,
                GenerationId = track.Id,
                UserId = track.UserId,
                Reason = standing.Reason!,
                ReportId = standing.ReportId,
            };
    }
}
