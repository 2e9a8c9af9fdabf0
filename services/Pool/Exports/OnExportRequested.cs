using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Pool.Exports;

/// <summary>Hands over what the pool holds of a member: contributions, claims, likes, plays, and the share counted so far.</summary>
internal sealed class OnExportRequested(PoolDb db, Outbox outbox) : IHandle<ExportRequested>
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
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).Command(Everything, message.UserId);
        var items = await command.ReadAsync(row => row.GetString(0), cancellationToken);
        var parts = ExportPages.Of(items).ToList();
        for (var index = 0; index < parts.Count; index++)
        {
            outbox.Publish(new ExportPart
            {
                ExportId = message.ExportId,
                UserId = message.UserId,
                Service = "pool",
                Index = index,
                Last = index == parts.Count - 1,
                Json = parts[index],
            });
        }

        return [];
    }
}

/// <summary>Cuts JSON objects into arrays of a size that a message may have.</summary>
internal static class ExportPages
{
    /// <summary>Below 256 kB, with room for the envelope.</summary>
    private const int Most = 200_000;

    /// <summary>At least one, maybe empty, array.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> items)
    {
        var (page, bytes) = (new List<string>(), 0);
        foreach (var item in items)
        {
            var size = Encoding.UTF8.GetByteCount(item) + 1;
            if (page.Count > 0 && bytes + size > Most)
            {
                yield return $"[{string.Join(',', page)}]";
                (page, bytes) = ([], 0);
            }

            page.Add(item);
            bytes += size;
        }

        yield return $"[{string.Join(',', page)}]";
    }
}
