using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Collections;

/// <summary>The items of collections.</summary>
internal static class ItemEndpoints
{
    private const int MostItems = 1_000;

    public static void MapCollectionItems(this WebApplication app)
    {
        var items = app.MapGroup("/api/collections/{id:guid}/items").WithTags("Collections");
        items.MapGet("", ListAsync);
        items.MapPost("", AddAsync).RequireAuthorization().WithIdempotency().Refuses(403);
        items.MapPatch("/{itemId:guid}", MoveAsync).RequireAuthorization().Refuses(403, 409, 412, 428);
        items.MapDelete("/{itemId:guid}", RemoveAsync).RequireAuthorization().Refuses(403);
        items.MapPut("/{itemId:guid}/vote", VoteAsync).RequireAuthorization();
        items.MapDelete("/{itemId:guid}/vote", UnvoteAsync).RequireAuthorization();
    }

    [EndpointName("ListCollectionItems"), EndpointSummary("The items of a collection, in its order")]
    [EndpointDescription("`track` is null, a placeholder that keeps its place, while the track is private, hidden or deleted; its owner still sees a private one.")]
    private static async Task<Ok<Page<CollectionItemView>>> ListAsync(
        Guid id, PageQuery page, [FromServices] ProfileDb db, [FromServices] CollectionReader reader, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var collection = await db.RequireCollectionAsync(id, user.IdOrNull(), cancellationToken);
        return TypedResults.Ok(await reader.ItemsAsync(db, collection, user.IdOrNull(), page, cancellationToken));
    }

    [EndpointName("AddCollectionItem"), EndpointSummary("Add a track at the end")]
    [EndpointDescription("Any track that the caller may hear, as often as wanted. Owner and editors only: 403 `not-yours`. At most 1,000 items: 409 `collection-full`.")]
    private static async Task<Created<CollectionItemView>> AddAsync(
        Guid id, Body<CollectionItemRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] CollectionReader reader,
        [FromServices] TimeProvider clock, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken)
    {
        await db.RequireCollectionAsync(id, user.Id(), cancellationToken);
        var (track, now) = ((await body.ReadAsync()).GenerationId!.Value, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, user.Id(), CollectionRole.Editor, cancellationToken);
        if (!(await reader.CardsAsync(db, user.Id(), [track], cancellationToken)).ContainsKey(track))
            throw Problem.NotFound("track");
        if (collection.ItemCount >= MostItems)
            throw Problem.Of(409, "collection-full", $"{MostItems} items are the most that a collection can have.");
        var last = await db.Set<CollectionItem>().Where(i => i.CollectionId == id).MaxAsync(i => (long?)i.Rank, cancellationToken);
        db.Add(new CollectionItem
        {
            Id = operation.Id,
            CollectionId = id,
            GenerationId = track,
            AddedBy = user.Id(),
            AddedAt = now,
            Rank = Ranks.Between(last, null)!.Value,
            Version = collection.Version + 1,
        });
        collection.ItemCount++;
        await db.SaveChangeAsync(collection, CollectionChangeKind.ItemAdded, operation.Id, clock, cancellationToken);
        var view = await reader.RequireItemAsync(db, collection, user.Id(), operation.Id, cancellationToken);
        response.Headers.ETag = view.ETag;
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/collections/{id}/items/{view.Id}", view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("MoveCollectionItem"), EndpointSummary("Put an item at another place")]
    [EndpointDescription(
        """
        `If-Match` holds the item's `ETag` (its `version` in quotes), or that of the collection as the caller has seen it: 412 `changed-meanwhile` when
        somebody else moved this item since, 428 `if-match-required` without it. Editors who move different items never meet. Owner and editors only:
        403 `not-yours`. 409 `ordered-by-votes` where votes order the collection.
        """)]
    private static async Task<Ok<CollectionItemView>> MoveAsync(
        Guid id, Guid itemId, [FromHeader(Name = "If-Match")] string? ifMatch, Body<CollectionItemPatch> body, [FromServices] ProfileDb db,
        [FromServices] CollectionReader reader, [FromServices] TimeProvider clock, ClaimsPrincipal user, HttpResponse response,
        CancellationToken cancellationToken)
    {
        await RequireItemAsync(db, id, itemId, user.Id(), cancellationToken);
        var position = (await body.ReadAsync()).Position!.Value;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, user.Id(), CollectionRole.Editor, cancellationToken);
        var item = await LockItemAsync(db, id, itemId, cancellationToken);
        if (collection.Order == CollectionOrder.Votes)
            throw Problem.Of(409, "ordered-by-votes", "Votes order this collection; vote instead.");
        RequireUnchanged(ifMatch, item, collection);
        var isRenumbered = await PlaceAsync(db, collection, item, position, cancellationToken);
        await db.SaveChangeAsync(collection, isRenumbered ? CollectionChangeKind.Reordered : CollectionChangeKind.ItemMoved, itemId, clock, cancellationToken);
        var view = await reader.RequireItemAsync(db, collection, user.Id(), itemId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        response.Headers.ETag = view.ETag;
        return TypedResults.Ok(view);
    }

    [EndpointName("RemoveCollectionItem"), EndpointSummary("Take an item out, with its votes"), EndpointDescription("Owner and editors only: 403 `not-yours`.")]
    private static async Task<NoContent> RemoveAsync(
        Guid id, Guid itemId, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        await RequireItemAsync(db, id, itemId, user.Id(), cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, user.Id(), CollectionRole.Editor, cancellationToken);
        if (await db.Set<CollectionItem>().Where(i => i.Id == itemId && i.CollectionId == id).ExecuteDeleteAsync(cancellationToken) == 0)
            throw Problem.NotFound("item");
        collection.ItemCount--;
        await db.SaveChangeAsync(collection, CollectionChangeKind.ItemRemoved, itemId, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("VoteForCollectionItem"), EndpointSummary("Vote for an item")]
    [EndpointDescription("For every member who sees the collection; once a member and item, and again changes nothing.")]
    private static Task<Ok<CollectionVoteView>> VoteAsync(
        Guid id, Guid itemId, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        SetVoteAsync(id, itemId, voted: true, db, clock, user.Id(), cancellationToken);

    [EndpointName("UnvoteForCollectionItem"), EndpointSummary("Take a vote back"), EndpointDescription("Without a vote it changes nothing.")]
    private static Task<Ok<CollectionVoteView>> UnvoteAsync(
        Guid id, Guid itemId, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        SetVoteAsync(id, itemId, voted: false, db, clock, user.Id(), cancellationToken);

    private static async Task<Ok<CollectionVoteView>> SetVoteAsync(
        Guid id, Guid itemId, bool voted, ProfileDb db, TimeProvider clock, Guid voter, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, voter, CollectionRole.Viewer, cancellationToken);
        var item = await LockItemAsync(db, id, itemId, cancellationToken);
        var changed = voted
            ? await db.Database.ExecuteSqlAsync(
                $"INSERT INTO collection_votes (item_id, account_id, voted_at) VALUES ({itemId}, {voter}, {clock.GetUtcNow()}) ON CONFLICT DO NOTHING", cancellationToken)
            : await db.Set<CollectionVote>().Where(v => v.ItemId == itemId && v.AccountId == voter).ExecuteDeleteAsync(cancellationToken);
        var votes = item.Votes + (voted ? changed : -changed);
        if (changed == 1)
        {
            await db.Set<CollectionItem>().Where(i => i.Id == itemId).ExecuteUpdateAsync(row => row.SetProperty(i => i.Votes, votes), cancellationToken);
            await db.SaveChangeAsync(collection, CollectionChangeKind.ItemVoted, itemId, clock, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new CollectionVoteView(itemId, voted, votes));
    }

    /// <summary>Gives the item a rank between those of its new neighbours; true when the collection had to be numbered anew for that.</summary>
    private static async Task<bool> PlaceAsync(ProfileDb db, Collection collection, CollectionItem item, int position, CancellationToken cancellationToken)
    {
        var place = Math.Min(position, collection.ItemCount - 1);
        var (id, itemId, version, isRenumbered) = (collection.Id, item.Id, collection.Version + 1, false);
        while (true)
        {
            var neighbours = await db.Set<CollectionItem>().Where(i => i.CollectionId == id && i.Id != itemId).OrderBy(i => i.Rank).ThenBy(i => i.Id)
                .Skip(Math.Max(0, place - 1)).Take(place == 0 ? 1 : 2).Select(i => (long?)i.Rank).ToListAsync(cancellationToken);
            var (before, after) = place == 0 ? (null, neighbours.FirstOrDefault()) : (neighbours[0], neighbours.ElementAtOrDefault(1));
            if (Ranks.Between(before, after) is { } rank)
            {
                await db.Set<CollectionItem>().Where(i => i.Id == itemId)
                    .ExecuteUpdateAsync(row => row.SetProperty(i => i.Rank, rank).SetProperty(i => i.Version, version), cancellationToken);
                return isRenumbered;
            }

            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE collection_items i SET rank = n.place * {Ranks.Step}
                FROM (SELECT id, row_number() OVER (ORDER BY rank, id) AS place FROM collection_items WHERE collection_id = {id}) n WHERE n.id = i.id
                """,
                cancellationToken);
            isRenumbered = true;
        }
    }

    private static void RequireUnchanged(string? ifMatch, CollectionItem item, Collection collection)
    {
        var tags = EntityTagHeaderValue.TryParseList([ifMatch ?? ""], out var parsed) ? parsed : [];
        switch (CollectionETag.Matches(tags, item.Version, collection.Version))
        {
            case null:
                throw Problem.Of(428, "if-match-required", "Send the version that you have seen of the item or of the collection, in quotes as in their ETag: If-Match: \"7\".");
            case false:
                throw Problem.Of(412, "changed-meanwhile", "This item was moved meanwhile; look where it is now.", members: ("version", item.Version));
        }
    }

    private static async Task RequireItemAsync(ProfileDb db, Guid collection, Guid item, Guid viewer, CancellationToken cancellationToken)
    {
        await db.RequireCollectionAsync(collection, viewer, cancellationToken);
        if (!await db.Set<CollectionItem>().AnyAsync(i => i.Id == item && i.CollectionId == collection, cancellationToken))
            throw Problem.NotFound("item");
    }

    // The votes of a deleted member are counted off without the collection's lock, so the item is locked, too.
    private static async Task<CollectionItem> LockItemAsync(ProfileDb db, Guid collection, Guid item, CancellationToken cancellationToken) =>
        (await db.Set<CollectionItem>().FromSql($"SELECT * FROM collection_items WHERE id = {item} AND collection_id = {collection} FOR UPDATE").AsNoTracking()
            .ToListAsync(cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound("item");
}
