using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Collections;

/// <summary>What a caller may do with a collection that they may see; each may what those before may.</summary>
internal enum CollectionRole
{
    /// <summary>See it, play it, vote.</summary>
    Viewer,

    /// <summary>Change its items.</summary>
    Editor,

    /// <summary>Change what it is, and who edits it.</summary>
    Owner,
}

/// <summary>Who may do what.</summary>
internal static class CollectionAccess
{
    /// <summary>A collection that the caller may see; 404 for any other.</summary>
    public static async Task<Collection> RequireCollectionAsync(this ProfileDb db, Guid id, Guid? viewer, CancellationToken cancellationToken)
    {
        var collection = await db.Set<Collection>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellationToken);
        return collection is not null && await db.RoleAsync(collection, viewer, cancellationToken) is not null
            ? collection
            : throw Problem.NotFound("collection");
    }

    /// <summary>
    /// The collection, locked for the current transaction: its changes, and so its versions, go one after another.
    /// 404 as above, 403 for who may less.
    /// </summary>
    public static async Task<Collection> LockCollectionAsync(
        this ProfileDb db, Guid id, Guid account, CollectionRole least, CancellationToken cancellationToken)
    {
        var collection = await db.LockCollectionAsync(id, cancellationToken);
        var role = collection is null ? null : await db.RoleAsync(collection, account, cancellationToken);
        if (collection is null || role is null)
            throw Problem.NotFound("collection");
        if (role < least)
            throw TooLittle(least);
        return collection;
    }

    /// <summary>The same, whoever asks; null when there is none.</summary>
    public static async Task<Collection?> LockCollectionAsync(this ProfileDb db, Guid id, CancellationToken cancellationToken) =>
        (await db.Set<Collection>().FromSql($"SELECT * FROM collections WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>403 for who sees a collection and may not do this with it.</summary>
    public static ProblemException TooLittle(CollectionRole least) =>
        Problem.Of(403, "not-yours", least == CollectionRole.Owner ? "Only its owner can do this." : "Only its owner and its editors can do this.");

    /// <summary>Those that the caller may see.</summary>
    public static IQueryable<Collection> VisibleTo(this IQueryable<Collection> collections, ProfileDb db, Guid? viewer) => collections.Where(c =>
        c.Visibility == CollectionVisibility.Public || c.OwnerId == viewer
        || db.Set<CollectionEditor>().Any(e => e.CollectionId == c.Id && e.AccountId == viewer));

    /// <summary>What the caller may; null: not even see it.</summary>
    public static async Task<CollectionRole?> RoleAsync(this ProfileDb db, Collection collection, Guid? viewer, CancellationToken cancellationToken)
    {
        if (viewer == collection.OwnerId)
            return CollectionRole.Owner;
        if (viewer is not null && await db.Set<CollectionEditor>().AnyAsync(e => e.CollectionId == collection.Id && e.AccountId == viewer, cancellationToken))
            return CollectionRole.Editor;
        return collection.Visibility == CollectionVisibility.Public ? CollectionRole.Viewer : null;
    }
}
