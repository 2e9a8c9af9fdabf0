using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Tracks;

/// <summary>Writes what events say of a track, in whatever order they come.</summary>
internal static class TrackWrites
{
    /// <summary>Makes the row of a track that is not known yet, for an event that overtook its completion. Of an owner who is gone it keeps nothing.</summary>
    public static Task StubTrackAsync(this ProfileDb db, Guid generation, Guid? owner, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO tracks (generation_id, owner_id, palette, peaks, visibility, sequence, hidden, illegal, hidden_sequence, deleted, contributed, likes, likes_sequence, plays, comments)
        VALUES ({generation}, (SELECT id FROM accounts WHERE id = {owner}), ARRAY[]::text[], ARRAY[]::int[], 'Private', 0, false, false, 0, false, false, 0, 0, 0, 0) ON CONFLICT DO NOTHING
        """,
        cancellationToken);

    public static async Task<bool> SetHiddenAsync(this ProfileDb db, Guid generation, bool hidden, bool illegal, long sequence, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"UPDATE tracks SET hidden = {hidden}, illegal = {illegal}, hidden_sequence = {sequence} WHERE generation_id = {generation} AND hidden_sequence < {sequence}",
            cancellationToken) == 1;

    public static Task SetContributedAsync(this ProfileDb db, Guid generation, bool contributed, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET contributed = {contributed}, contributed_changed_at = {at}
            WHERE generation_id = {generation} AND (contributed_changed_at IS NULL OR contributed_changed_at < {at})
            """,
            cancellationToken);
}
