using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Exports;

/// <summary>Hands over what the pool holds of a member: contributions, claims, likes, plays, and the share counted so far.</summary>
internal sealed class OnExportRequested(ExportParts parts) : IHandle<ExportRequested>
{
    private const string Everything =
        """
        SELECT jsonb_build_object('kind', 'share', 'completedPaid', completed, 'contributed', contributed)::text FROM contributors
            WHERE user_id = $1
        UNION ALL
        SELECT jsonb_build_object('kind', 'contribution', 'generationId', generation_id, 'title', title, 'contributedAt', contributed_at,
            'automatic', automatic, 'points', points,
            'likes', likes, 'plays', plays, 'claimed', claimed_at IS NOT NULL)::text FROM tracks
            WHERE user_id = $1 AND contributed_at IS NOT NULL
        UNION ALL
        SELECT jsonb_build_object('kind', 'claim', 'generationId', generation_id, 'title', title, 'claimedAt', claimed_at)::text FROM tracks
            WHERE claimed_by = $1
        UNION ALL
        SELECT jsonb_build_object('kind', 'like', 'generationId', generation_id, 'likedAt', liked_at)::text FROM likes WHERE user_id = $1
        UNION ALL
        SELECT jsonb_build_object('kind', 'play', 'generationId', generation_id, 'lastPlayedAt', counted_at)::text FROM plays
            WHERE user_id = $1
        """;

    public async Task<Event[]> HandleAsync(ExportRequested message, CancellationToken cancellationToken)
    {
        await parts.PublishAsync(message, [Everything], cancellationToken);
        return [];
    }
}
