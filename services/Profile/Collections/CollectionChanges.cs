using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;

namespace Son1kVers3.Profile.Collections;

/// <summary>Records what happens to collections.</summary>
internal static class CollectionChanges
{
    /// <summary>The channel that tells which collection changed.</summary>
    public const string Channel = "collections";

    /// <summary>How many changes a stream may have missed; after more it has its snapshot.</summary>
    private const int Kept = 1_000;

    /// <summary>
    /// Saves a change of a locked collection under its next version. The lock is held until commit, so that changes become visible in the order of
    /// their versions: a stream that has seen one has missed none before it. Open streams are woken at commit, on whichever replica they are.
    /// </summary>
    public static async Task SaveChangeAsync(
        this ProfileDb db, Collection collection, CollectionChangeKind kind, Guid? item, TimeProvider clock, CancellationToken cancellationToken)
    {
        collection.Version++;
        if (kind != CollectionChangeKind.ItemVoted)
            collection.UpdatedAt = clock.GetUtcNow();
        db.Add(new CollectionChange { CollectionId = collection.Id, Version = collection.Version, Kind = kind, ItemId = item });
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH old AS (DELETE FROM collection_changes WHERE collection_id = {collection.Id} AND version <= {collection.Version - Kept})
            SELECT pg_notify({Channel}, {collection.Id.ToString()})
            """,
            cancellationToken);
    }
}
