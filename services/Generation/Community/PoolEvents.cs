using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Community;

/// <summary>A track in the pool can be heard by everyone, claimed or not, whatever its visibility.</summary>
internal sealed class OnTrackContributed(GenerationDb db) : IHandle<TrackContributed>
{
    public async Task<Event[]> HandleAsync(TrackContributed message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"UPDATE tracks SET contributed = true WHERE id = {message.GenerationId}", cancellationToken);
        return [];
    }
}

/// <summary>The track that left the pool is its owner's alone again.</summary>
internal sealed class OnTrackSwapped(GenerationDb db) : IHandle<TrackSwapped>
{
    public async Task<Event[]> HandleAsync(TrackSwapped message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE tracks SET contributed = (id = {message.NewGenerationId})
            WHERE id IN ({message.OldGenerationId}, {message.NewGenerationId})
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>Whoever claimed a track goes on hearing it.</summary>
internal sealed class OnTrackClaimed(GenerationDb db) : IHandle<TrackClaimed>
{
    public async Task<Event[]> HandleAsync(TrackClaimed message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO claims (track_id, user_id) SELECT {message.GenerationId}, {message.ClaimedBy}
            WHERE NOT EXISTS (SELECT FROM deleted_accounts WHERE user_id = {message.ClaimedBy}) ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        return [];
    }
}
