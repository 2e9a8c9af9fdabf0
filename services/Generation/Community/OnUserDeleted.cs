using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Community;

/// <summary>Removes what a deleted account leaves behind. Tracks in the pool stay: others hold licensed copies of them. Files go with the next sweep.</summary>
internal sealed class OnUserDeleted(GenerationDb db, TrackChanges changes, TrackRemoval removal) : IHandle<UserDeleted>
{
    public async Task<Event[]> HandleAsync(UserDeleted message, CancellationToken cancellationToken)
    {
        var tracks = await db.Tracks.AsNoTracking().Where(t => t.UserId == message.UserId && t.DeletedAt == null && t.PoolTrackId == null).ToListAsync(cancellationToken);
        foreach (var track in tracks)
            await removal.RemoveAsync(track.IsFinal ? track : await changes.StopAsync(track));
        await db.Database.ExecuteSqlAsync($"DELETE FROM voice_memos WHERE user_id = {message.UserId}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM entitlements WHERE user_id = {message.UserId}", cancellationToken);
        return [];
    }
}
