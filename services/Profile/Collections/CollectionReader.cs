using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Profile.Collections;

/// <summary>Where a page of items ended.</summary>
internal readonly record struct ItemKey(int Votes, long Rank, Guid Id);

/// <summary>Reads collections and their items as a caller may see them.</summary>
internal sealed class CollectionReader
{
    private const int ShownCovers = 4;

    /// <summary>
    /// Which tracks <c>t</c> the caller <c>$1</c> may see: as on walls, a claimed copy stays with who claimed it, unless it is illegal.
    /// </summary>
    public const string Visible =
        "t.completed_at IS NOT NULL AND NOT t.deleted AND (t.audible OR (t.owner_id = $1 AND NOT t.hidden) OR (t.claimed_by = $1 AND NOT t.illegal))";

    public async Task<CollectionView> ViewAsync(ProfileDb db, Collection collection, Guid? viewer, CancellationToken cancellationToken) =>
        (await ViewsAsync(db, [collection], viewer, cancellationToken))[0];

    /// <summary>Collections that the caller may see.</summary>
    public async Task<IReadOnlyList<CollectionView>> ViewsAsync(
        ProfileDb db, IReadOnlyList<Collection> collections, Guid? viewer, CancellationToken cancellationToken)
    {
        var ids = collections.Select(c => c.Id).ToArray();
        var editors = (await db.Set<CollectionEditor>().AsNoTracking().Where(e => ids.Contains(e.CollectionId)).OrderBy(e => e.AddedAt).ThenBy(e => e.AccountId)
            .ToListAsync(cancellationToken)).ToLookup(e => e.CollectionId, e => e.AccountId);
        var members = await db.MembersAsync(collections.Select(c => c.OwnerId).Concat(editors.SelectMany(e => e)), cancellationToken);
        var covers = await CoversAsync(db, ids, cancellationToken);
        return [.. collections.Select(c => new CollectionView(
            c.Id, c.Title, members.Of(c.OwnerId), [.. editors[c.Id].Where(members.ContainsKey).Select(members.Of)], c.Visibility, c.Order, c.ItemCount, c.Plays,
            [.. covers[c.Id].Select(id => $"/api/generations/{id}/cover")], viewer is null ? null : viewer == c.OwnerId,
            viewer is { } account && (account == c.OwnerId || editors[c.Id].Contains(account)), c.Version, c.CreatedAt, c.UpdatedAt))];
    }

    /// <summary>Those of these collections that the caller may see, by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, CollectionView>> FindAsync(
        ProfileDb db, IReadOnlyCollection<Guid> ids, Guid? viewer, CancellationToken cancellationToken)
    {
        var rows = await db.Set<Collection>().AsNoTracking().Where(c => ids.Contains(c.Id)).VisibleTo(db, viewer).ToListAsync(cancellationToken);
        return (await ViewsAsync(db, rows, viewer, cancellationToken)).ToDictionary(c => c.Id);
    }

    /// <summary>A page of a collection's items, in its order.</summary>
    public async Task<Page<CollectionItemView>> ItemsAsync(
        ProfileDb db, Collection collection, Guid? viewer, PageQuery page, CancellationToken cancellationToken)
    {
        // Shown with the collection and by themselves.
        page = page.Of($"items of {collection.Id}");
        var rows = Rows(db, collection, viewer);
        if (page.After<ItemKey>() is { } after)
        {
            var votes = after.Votes * collection.VoteWeight;
            rows = rows.Where(i => i.Votes * collection.VoteWeight < votes
                || (i.Votes * collection.VoteWeight == votes && (i.Rank > after.Rank || (i.Rank == after.Rank && i.Id.CompareTo(after.Id) > 0))));
        }

        var found = await rows.OrderBy(i => i.Position).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var views = await ViewsAsync(db, found, viewer, cancellationToken);
        return Data.Page.Of(views, page, i => new ItemKey(i.Votes, i.Rank, i.Id), i => i);
    }

    /// <summary>Those of these items that there are now, by their ids.</summary>
    public async Task<IReadOnlyDictionary<Guid, CollectionItemView>> FindItemsAsync(
        ProfileDb db, Collection collection, Guid? viewer, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var rows = ids.Count == 0 ? [] : await Rows(db, collection, viewer).Where(i => ids.Contains(i.Id)).ToListAsync(cancellationToken);
        return (await ViewsAsync(db, rows, viewer, cancellationToken)).ToDictionary(i => i.Id);
    }

    /// <summary>An item that is known to be there.</summary>
    public async Task<CollectionItemView> RequireItemAsync(ProfileDb db, Collection collection, Guid viewer, Guid item, CancellationToken cancellationToken) =>
        (await FindItemsAsync(db, collection, viewer, [item], cancellationToken))[item];

    /// <summary>Of these tracks those that the caller may see, as cards.</summary>
    public async Task<IReadOnlyDictionary<Guid, CardView>> CardsAsync(
        ProfileDb db, Guid? viewer, IEnumerable<Guid> generations, CancellationToken cancellationToken)
    {
        var wanted = generations.Distinct().ToArray();
        if (wanted.Length == 0)
            return new Dictionary<Guid, CardView>();
        var found = await CardReader.ReadAsync(
            db, $"SELECT {CardReader.Columns} FROM tracks t {CardReader.Joins} WHERE t.generation_id = ANY($2) AND {Visible}",
            viewer, [wanted], (_, card) => card, cancellationToken);
        return found.ToDictionary(card => card.Id);
    }

    /// <summary>
    /// All items with their places; what is taken of them is chosen by the caller. A collection is small enough to number its items while it is read.
    /// </summary>
    private static IQueryable<ItemRow> Rows(ProfileDb db, Collection collection, Guid? viewer) => db.Database.SqlQuery<ItemRow>(
        $"""
        SELECT i.id, i.generation_id, i.added_by, i.added_at, i.rank, i.votes, i.version, v.item_id IS NOT NULL AS voted,
            (row_number() OVER (ORDER BY i.votes * {collection.VoteWeight} DESC, i.rank, i.id) - 1)::int AS position
        FROM collection_items i LEFT JOIN collection_votes v ON v.item_id = i.id AND v.account_id = {viewer ?? Guid.Empty}
        WHERE i.collection_id = {collection.Id}
        """);

    private async Task<IReadOnlyList<CollectionItemView>> ViewsAsync(
        ProfileDb db, IReadOnlyList<ItemRow> rows, Guid? viewer, CancellationToken cancellationToken)
    {
        var tracks = await CardsAsync(db, viewer, rows.Select(i => i.GenerationId), cancellationToken);
        var members = await db.MembersAsync(rows.Select(i => i.AddedBy).OfType<Guid>(), cancellationToken);
        return [.. rows.Select(i => new CollectionItemView(
            i.Id, i.Position, i.Rank, i.Votes, viewer is null ? null : i.Voted, members.Of(i.AddedBy ?? Guid.Empty), i.AddedAt, i.Version,
            tracks.GetValueOrDefault(i.GenerationId)))];
    }

    private static async Task<ILookup<Guid, Guid>> CoversAsync(ProfileDb db, Guid[] collections, CancellationToken cancellationToken)
    {
        var rows = await db.Database.SqlQuery<CoverRow>(
            $"""
            SELECT c.id AS collection_id, first.generation_id FROM collections c CROSS JOIN LATERAL (
                SELECT i.generation_id, i.rank, i.votes FROM collection_items i JOIN tracks t USING (generation_id) WHERE i.collection_id = c.id AND t.audible
                ORDER BY CASE WHEN c.ordering = 'Votes' THEN i.votes ELSE 0 END DESC, i.rank, i.id LIMIT {ShownCovers}) first
            WHERE c.id = ANY({collections}) ORDER BY c.id, CASE WHEN c.ordering = 'Votes' THEN first.votes ELSE 0 END DESC, first.rank
            """).ToListAsync(cancellationToken);
        return rows.ToLookup(r => r.CollectionId, r => r.GenerationId);
    }

    // Not positional records: Entity Framework sees through initialisers only.
    private sealed record ItemRow
    {
        public Guid Id { get; init; }
        public Guid GenerationId { get; init; }
        public Guid? AddedBy { get; init; }
        public DateTimeOffset AddedAt { get; init; }
        public long Rank { get; init; }
        public int Votes { get; init; }
        public long Version { get; init; }
        public bool Voted { get; init; }
        public int Position { get; init; }
    }

    private sealed record CoverRow
    {
        public Guid CollectionId { get; init; }
        public Guid GenerationId { get; init; }
    }
}
