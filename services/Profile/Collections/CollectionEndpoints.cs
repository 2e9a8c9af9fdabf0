using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Collections;

/// <summary>Collections, and playlists that several members make together.</summary>
internal static class CollectionEndpoints
{
    private const int MostOwned = 200;

    public static void AddCollections(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CollectionReader>();
        builder.Services.AddSingleton<CollectionFollower>();
        builder.Services.AddSingleton<CollectionSignals>().AddHostedService(services => services.GetRequiredService<CollectionSignals>());
        builder.Services.AddPersonalTable(
            "collection",
            """
            SELECT jsonb_build_object('id', id, 'title', title, 'visibility', lower(visibility), 'order', lower(ordering), 'plays', plays,
                'createdAt', created_at,
                'generationIds', (SELECT coalesce(jsonb_agg(i.generation_id ORDER BY i.rank), '[]') FROM collection_items i WHERE i.collection_id = c.id))::text
            FROM collections c WHERE owner_id = $1 ORDER BY id
            """,
            // Few at a time: each takes its items and votes along.
            "DELETE FROM collections WHERE id = ANY(ARRAY(SELECT id FROM collections WHERE owner_id = $1 LIMIT least($2, 10)))",
            // Each is locked before its editors go: whoever changes one is done before, or finds no collection.
            "UPDATE collections SET visibility = 'Private' WHERE owner_id = $1",
            "DELETE FROM collection_editors e USING collections c WHERE c.id = e.collection_id AND c.owner_id = $1",
            $"SELECT pg_notify('{CollectionChanges.Channel}', id::text) FROM collections WHERE owner_id = $1");
        builder.Services.AddPersonalTable(
            "collection-editor",
            "SELECT jsonb_build_object('collectionId', collection_id, 'since', added_at)::text FROM collection_editors WHERE account_id = $1 ORDER BY added_at",
            PersonalTables.EraseFrom("collection_editors", "account_id"));
        // What a member added stays, without their name.
        builder.Services.AddPersonalTable(
            "collection-item",
            """
            SELECT jsonb_build_object('collectionId', collection_id, 'generationId', generation_id, 'at', added_at)::text
            FROM collection_items WHERE added_by = $1 ORDER BY id
            """,
            "UPDATE collection_items SET added_by = NULL WHERE id = ANY(ARRAY(SELECT id FROM collection_items WHERE added_by = $1 LIMIT $2))");
        builder.Services.AddPersonalTable(
            "collection-vote",
            "SELECT jsonb_build_object('itemId', item_id, 'at', voted_at)::text FROM collection_votes WHERE account_id = $1 ORDER BY voted_at",
            """
            WITH gone AS (
                DELETE FROM collection_votes WHERE account_id = $1 AND item_id = ANY(ARRAY(SELECT item_id FROM collection_votes WHERE account_id = $1 LIMIT $2))
                RETURNING item_id)
            UPDATE collection_items i SET votes = greatest(0, i.votes - 1) FROM gone WHERE gone.item_id = i.id
            """);
        builder.Services.AddPersonalTable(
            "collection-listener",
            """
            SELECT jsonb_build_object('collectionId', collection_id, 'playedAt', played_at)::text
            FROM collection_listeners WHERE account_id = $1 ORDER BY played_at
            """,
            PersonalTables.EraseFrom("collection_listeners", "account_id"));
    }

    public static void MapCollections(this WebApplication app)
    {
        var collections = app.MapGroup("/api/collections").WithTags("Collections");
        collections.MapGet("", ListAsync).Refuses(401, 404);
        collections.MapPost("", CreateAsync).RequireAuthorization().WithIdempotency();
        collections.MapGet("/{id:guid}", GetAsync);
        collections.MapPatch("/{id:guid}", UpdateAsync).RequireAuthorization().Refuses(403);
        collections.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization().Refuses(403);
    }

    [EndpointName("ListCollections"), EndpointSummary("The caller's collections, or a member's, newest first")]
    [EndpointDescription(
        """
        Without `owner`: the caller's own and those that they edit (401 when anonymous). With the username of an `owner`: those of theirs that the caller
        may see.
        """)]
    private static async Task<Ok<Page<CollectionView>>> ListAsync(
        string? owner, PageQuery page, [FromServices] ProfileDb db, [FromServices] CollectionReader reader, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var (viewer, after) = (user.IdOrNull(), page.After<Guid>());
        var seen = db.Set<Collection>().AsNoTracking();
        if (owner is null)
        {
            var account = viewer ?? throw Problem.Of(401, "unauthorized", "Sign in to see your collections, or name an owner.");
            seen = seen.Where(c => c.OwnerId == account || db.Set<CollectionEditor>().Any(e => e.CollectionId == c.Id && e.AccountId == account));
        }
        else
        {
            var account = await db.FindAccountAsync(owner, cancellationToken) ?? throw Problem.NotFound("profile");
            seen = seen.Where(c => c.OwnerId == account.Id).VisibleTo(db, viewer);
        }

        var rows = await seen.Where(c => after == null || c.Id.CompareTo(after.Value) < 0).OrderByDescending(c => c.Id).Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        var views = await reader.ViewsAsync(db, rows, viewer, cancellationToken);
        return TypedResults.Ok(Page<CollectionView>.Of(views, page, c => c.Id));
    }

    [EndpointName("CreateCollection"), EndpointSummary("Make a collection")]
    [EndpointDescription("`visibility`: private (default) or public; `order`: manual (default) or votes. A member has at most 200: 409 `too-many-collections`.")]
    private static async Task<Created<CollectionView>> CreateAsync(
        Body<CollectionRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] CollectionReader reader,
        [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (request, owner, now) = (await body.ReadAsync(), user.Id(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The lock makes parallel requests count each other's collections.
        if (await db.LockAccountAsync(owner, cancellationToken) is null)
            throw AccountQueries.Gone();
        if (await db.Set<Collection>().CountAsync(c => c.OwnerId == owner, cancellationToken) >= MostOwned)
            throw Problem.Of(409, "too-many-collections", $"{MostOwned} collections are the most that a member can have; delete one first.");
        var collection = new Collection
        {
            Id = operation.Id,
            OwnerId = owner,
            Title = request.Title!.Trim(),
            Visibility = request.Visibility ?? CollectionVisibility.Private,
            Order = request.Order ?? CollectionOrder.Manual,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(collection);
        await db.SaveChangesAsync(cancellationToken);
        var view = await reader.ViewAsync(db, collection, owner, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/collections/{collection.Id}", view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("GetCollection"), EndpointSummary("A collection with its items")]
    [EndpointDescription(
        """
        The first `limit` of its items come along; `nextCursor` goes on with them, here or at `/items`. Private ones for their owner and editors only.
        The `ETag` is its version, good as `If-Match` of its items.
        """)]
    private static async Task<Ok<CollectionPageView>> GetAsync(
        Guid id, PageQuery page, [FromServices] ProfileDb db, [FromServices] CollectionReader reader, ClaimsPrincipal user, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var collection = await db.RequireCollectionAsync(id, user.IdOrNull(), cancellationToken);
        var view = await reader.ViewAsync(db, collection, user.IdOrNull(), cancellationToken);
        var items = await reader.ItemsAsync(db, collection, user.IdOrNull(), page, cancellationToken);
        response.Headers.ETag = CollectionETag.Of(collection.Version);
        return TypedResults.Ok(new CollectionPageView(view, items.Items, items.NextCursor));
    }

    [EndpointName("UpdateCollection"), EndpointSummary("Rename, publish or reorder one's own collection")]
    [EndpointDescription("A field that is not sent stays. The order by hand is kept while votes order it. Its owner only: 403 `not-yours`.")]
    private static async Task<Ok<CollectionView>> UpdateAsync(
        Guid id, Body<CollectionPatch> body, [FromServices] ProfileDb db, [FromServices] CollectionReader reader, [FromServices] TimeProvider clock,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.RequireCollectionAsync(id, user.Id(), cancellationToken);
        var patch = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, user.Id(), CollectionRole.Owner, cancellationToken);
        var order = collection.Order;
        collection.Title = patch.Title?.Trim() ?? collection.Title;
        collection.Visibility = patch.Visibility ?? collection.Visibility;
        collection.Order = patch.Order ?? order;
        var kind = collection.Order == order ? CollectionChangeKind.Updated : CollectionChangeKind.Reordered;
        await db.SaveChangeAsync(collection, kind, item: null, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await reader.ViewAsync(db, collection, user.Id(), cancellationToken));
    }

    [EndpointName("DeleteCollection"), EndpointSummary("Delete one's own collection")]
    [EndpointDescription("With its votes; the tracks stay. Its owner only: 403 `not-yours`.")]
    private static async Task<NoContent> DeleteAsync(Guid id, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Remove(await db.LockCollectionAsync(id, user.Id(), CollectionRole.Owner, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({CollectionChanges.Channel}, {id.ToString()})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
