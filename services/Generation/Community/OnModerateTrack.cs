using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Community;

/// <summary>
/// Takes a track out of sight, or brings it back, and tells everybody. What it is already, it stays without news; another reason is kept
/// and told.
/// </summary>
internal sealed class OnModerateTrack(GenerationDb db, TimeProvider clock) : IHandle<ModerateTrack>
{
    public async Task<Event[]> HandleAsync(ModerateTrack message, CancellationToken cancellationToken)
    {
        var changed = message.Hidden ? await HideAsync(message, cancellationToken) : await RestoreAsync(message, cancellationToken);
        return [.. changed.Select(track => (Event)(message.Hidden
            ? new TrackHidden { Sequence = track.Sequence, GenerationId = track.Id, UserId = track.UserId, Reason = message.Reason }
            : new TrackRestored { Sequence = track.Sequence, GenerationId = track.Id, UserId = track.UserId }))];
    }

    private Task<List<Track>> HideAsync(ModerateTrack message, CancellationToken cancellationToken) => db.Tracks.FromSql(
        $"""
        UPDATE tracks SET hidden_at = COALESCE(hidden_at, {clock.GetUtcNow()}), hidden_reason = {message.Reason}, sequence = sequence + 1
        WHERE id = {message.GenerationId} AND deleted_at IS NULL AND (hidden_at IS NULL OR hidden_reason <> {message.Reason}) RETURNING *
        """).AsNoTracking().ToListAsync(cancellationToken);

    private Task<List<Track>> RestoreAsync(ModerateTrack message, CancellationToken cancellationToken) => db.Tracks.FromSql(
        $"""
        UPDATE tracks SET hidden_at = NULL, hidden_reason = NULL, sequence = sequence + 1
        WHERE id = {message.GenerationId} AND deleted_at IS NULL AND hidden_at IS NOT NULL RETURNING *
        """).AsNoTracking().ToListAsync(cancellationToken);
}
