using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Community;

/// <summary>A track in the pool can be played by everyone, claimed or not, whatever its visibility.</summary>
internal sealed class OnTrackContributed(GenerationDb db) : IHandle<TrackContributed>
{
    public async Task<Event[]> HandleAsync(TrackContributed message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"UPDATE generations SET pool_track_id = {message.GenerationId} WHERE id = {message.GenerationId}", cancellationToken);
        return [];
    }
}

/// <summary>The track that left the pool is its owner's alone again.</summary>
internal sealed class OnTrackSwapped(GenerationDb db) : IHandle<TrackSwapped>
{
    public async Task<Event[]> HandleAsync(TrackSwapped message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"UPDATE generations SET pool_track_id = NULL WHERE id = {message.OldGenerationId}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE generations SET pool_track_id = {message.NewGenerationId} WHERE id = {message.NewGenerationId}", cancellationToken);
        return [];
    }
}
