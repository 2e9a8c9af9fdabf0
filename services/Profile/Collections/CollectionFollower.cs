using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Profile.Collections;

/// <summary>The first event of a stream, and what follows when the whole order changed.</summary>
/// <param name="Collection">As it is now.</param>
/// <param name="Items">All of them in their order, each in a line.</param>
internal sealed record CollectionSnapshot(CollectionView Collection, IReadOnlyList<CollectionLine> Items);

/// <summary>An item in a line.</summary>
/// <param name="Id">Of the item.</param>
/// <param name="GenerationId">Of its track; null for a placeholder.</param>
/// <param name="Rank">Orders the items by hand.</param>
/// <param name="Votes">How many voted for it.</param>
/// <param name="Voted">The caller did.</param>
internal sealed record CollectionLine(Guid Id, Guid? GenerationId, long Rank, int Votes, bool Voted)
{
    /// <summary>Of the track as the viewer may see it.</summary>
    [JsonIgnore]
    public string? Title { get; init; }
}

/// <summary>Of a collection that is deleted, or no longer the viewer's to see; of an item that was taken out.</summary>
internal sealed record CollectionGone(Guid Id);

/// <summary>What a viewer hears at once.</summary>
/// <param name="Events">In their order.</param>
/// <param name="Version">Up to which changes are told.</param>
/// <param name="Lines">What the viewer knows now.</param>
/// <param name="IsAll">Nothing more is there yet.</param>
internal sealed record CollectionStep(IReadOnlyList<ServerSentEvent> Events, long Version, IReadOnlyList<CollectionLine> Lines, bool IsAll);

/// <summary>Wakes the open streams of a collection that changed.</summary>
internal sealed class CollectionSignals(DatabaseNotifications notifications) : Signals(notifications, CollectionChanges.Channel);

/// <summary>Follows a collection for a viewer.</summary>
/// <remarks>
/// The record of changes says what to tell, and the rows how it is now: so what is told twice (after a break it comes with the snapshot, too) does no
/// harm, and nobody is told what they may no longer see. What becomes of the tracks themselves stands in no collection's record: it is found by
/// comparing with what the viewer was told last.
/// </remarks>
internal sealed class CollectionFollower(IServiceScopeFactory scopes, NpgsqlDataSource database, CollectionReader reader)
{
    private const int Batch = 100;

    /// <summary>Null when the viewer may not see it.</summary>
    public Task<CollectionSnapshot?> SnapshotAsync(Guid id, Guid viewer, CancellationToken cancellationToken) =>
        ReadAsync(id, viewer, async (db, collection) => await SnapshotAsync(db, collection, viewer, cancellationToken), cancellationToken);

    /// <summary>What happened after a version; null when the viewer may not see it any longer.</summary>
    public Task<CollectionStep?> AfterAsync(Guid id, Guid viewer, long version, IReadOnlyList<CollectionLine> known, CancellationToken cancellationToken) =>
        ReadAsync(id, viewer, async (db, collection) =>
        {
            // Up to the collection as it was read: a later change would be told with what it was before.
            var changes = await db.Set<CollectionChange>().AsNoTracking()
                .Where(c => c.CollectionId == id && c.Version > version && c.Version <= collection.Version)
                .OrderBy(c => c.Version).Take(Batch).ToListAsync(cancellationToken);
            var snapshot = await SnapshotAsync(db, collection, viewer, cancellationToken);
            var turned = Turned(known, snapshot.Items);
            var items = await reader.FindItemsAsync(db, collection, viewer, [.. changes.Select(c => c.ItemId).OfType<Guid>(), .. turned], cancellationToken);
            var events = changes.Select(change => EventOf(change, snapshot, items)).OfType<ServerSentEvent>()
                .Concat(turned.Where(items.ContainsKey).Select(item => new ServerSentEvent("item-changed", items[item])));
            return new CollectionStep([.. events], changes.LastOrDefault()?.Version ?? version, snapshot.Items, changes.Count < Batch);
        }, cancellationToken);

    /// <summary>Null for what is over: of an item that is no longer there its removal is told.</summary>
    private static ServerSentEvent? EventOf(CollectionChange change, CollectionSnapshot snapshot, IReadOnlyDictionary<Guid, CollectionItemView> items)
    {
        var id = change.Version.ToString(CultureInfo.InvariantCulture);
        var item = change.ItemId is { } changed ? items.GetValueOrDefault(changed) : null;
        return (change.Kind, item) switch
        {
            (CollectionChangeKind.Updated, _) => new("updated", snapshot.Collection, id),
            (CollectionChangeKind.Reordered, _) => new("snapshot", snapshot, id),
            (CollectionChangeKind.ItemRemoved, _) => new("item-removed", new CollectionGone(change.ItemId!.Value), id),
            (CollectionChangeKind.ItemAdded, not null) => new("item-added", item, id),
            (CollectionChangeKind.ItemMoved, not null) => new("item-moved", item, id),
            (CollectionChangeKind.ItemVoted, not null) => new("item-voted", item, id),
            _ => null,
        };
    }

    /// <summary>The items whose tracks came into or out of sight, or are called otherwise.</summary>
    private static IReadOnlyList<Guid> Turned(IReadOnlyList<CollectionLine> known, IReadOnlyList<CollectionLine> now)
    {
        var before = known.ToDictionary(line => line.Id, line => (line.GenerationId, line.Title));
        return [.. now.Where(line => before.TryGetValue(line.Id, out var seen) && seen != (line.GenerationId, line.Title)).Select(line => line.Id)];
    }

    private async Task<CollectionSnapshot> SnapshotAsync(ProfileDb db, Collection collection, Guid viewer, CancellationToken cancellationToken) =>
        new(await reader.ViewAsync(db, collection, viewer, cancellationToken), await LinesAsync(collection, viewer, cancellationToken));

    private async Task<IReadOnlyList<CollectionLine>> LinesAsync(Collection collection, Guid viewer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT i.id, t.generation_id, i.rank, i.votes, v.item_id IS NOT NULL, t.title
            FROM collection_items i LEFT JOIN tracks t ON t.generation_id = i.generation_id AND {CollectionReader.Visible}
            LEFT JOIN collection_votes v ON v.item_id = i.id AND v.account_id = $1
            WHERE i.collection_id = $2 ORDER BY i.votes * $3 DESC, i.rank, i.id
            """);
        command.Parameters.Add(new() { Value = viewer, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = collection.Id });
        command.Parameters.Add(new() { Value = collection.VoteWeight });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<CollectionLine>();
        while (await row.ReadAsync(cancellationToken))
        {
            lines.Add(new CollectionLine(row.GetGuid(0), row.IsDBNull(1) ? null : row.GetGuid(1), row.GetInt64(2), row.GetInt32(3), row.GetBoolean(4))
            {
                Title = row.IsDBNull(5) ? null : row.GetString(5),
            });
        }

        return lines;
    }

    // A scope of its own: a stream reads for hours, and holds no connection between.
    private async Task<T?> ReadAsync<T>(Guid id, Guid viewer, Func<ProfileDb, Collection, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProfileDb>();
        var collection = await db.Set<Collection>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellationToken);
        return collection is not null && await db.RoleAsync(collection, viewer, cancellationToken) is not null ? await read(db, collection) : null;
    }
}
