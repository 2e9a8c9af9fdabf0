using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Tracks;

/// <summary>Title and visibility, whichever event has the highest sequence.</summary>
internal sealed class OnGenerationUpdated(PoolDb db) : IHandle<GenerationUpdated>
{
    public async Task<Event[]> HandleAsync(GenerationUpdated message, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO tracks AS t (generation_id, user_id, title, visibility, sequence)
            VALUES ({message.GenerationId}, {message.UserId}, {message.Title}, {message.Visibility.ToString()}, {message.Sequence})
            ON CONFLICT (generation_id) DO UPDATE SET title = excluded.title, visibility = excluded.visibility, sequence = excluded.sequence
            WHERE t.sequence < excluded.sequence AND NOT t.deleted
            """,
            cancellationToken);
        return [];
    }
}

/// <summary>What is out of sight leaves lists, claims and ranking, and comes back with its points.</summary>
internal sealed class OnTrackModerated(PoolDb db) : IHandle<TrackHidden>, IHandle<TrackRestored>
{
    public Task<Event[]> HandleAsync(TrackHidden message, CancellationToken cancellationToken) =>
        StoreAsync(message.GenerationId, message.UserId, true, message.Reason, message.Sequence, cancellationToken);

    public Task<Event[]> HandleAsync(TrackRestored message, CancellationToken cancellationToken) =>
        StoreAsync(message.GenerationId, message.UserId, false, null, message.Sequence, cancellationToken);

    private async Task<Event[]> StoreAsync(
        Guid generation, Guid user, bool hidden, string? reason, long sequence, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO tracks AS t (generation_id, user_id, hidden, hidden_reason, hidden_sequence)
                VALUES ({generation}, {user}, {hidden}, {reason}, {sequence})
            ON CONFLICT (generation_id)
                DO UPDATE SET hidden = excluded.hidden, hidden_reason = excluded.hidden_reason, hidden_sequence = excluded.hidden_sequence
            WHERE t.hidden_sequence < excluded.hidden_sequence
            """,
            cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO ranking_changes (user_id) VALUES ({user})", cancellationToken);
        return [];
    }
}
