using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Collections;

/// <summary>Who edits a collection together with its owner.</summary>
internal static class EditorEndpoints
{
    private const int MostEditors = 20;

    public static void MapCollectionEditors(this WebApplication app)
    {
        var editors = app.MapGroup("/api/collections/{id:guid}/editors").WithTags("Collections");
        editors.MapGet("", ListAsync);
        editors.MapPost("", AddAsync).RequireAuthorization().WithIdempotency().Refuses(403);
        editors.MapDelete("/{username}", RemoveAsync).RequireAuthorization().Refuses(403);
    }

    [EndpointName("ListCollectionEditors"), EndpointSummary("Who edits a collection, the latest first"), EndpointDescription("Besides its owner.")]
    private static async Task<Ok<Page<MemberView>>> ListAsync(
        Guid id, PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.RequireCollectionAsync(id, user.IdOrNull(), cancellationToken);
        var after = page.After<TimeKey>();
        var rows = await db.Set<CollectionEditor>().AsNoTracking()
            .Where(e => e.CollectionId == id && (after == null || e.AddedAt < after.Value.At
                || (e.AddedAt == after.Value.At && e.AccountId.CompareTo(after.Value.Id) < 0)))
            .OrderByDescending(e => e.AddedAt).ThenByDescending(e => e.AccountId).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.Select(e => e.AccountId), cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, e => new TimeKey(e.AddedAt, e.AccountId), e => members.Of(e.AccountId)));
    }

    [EndpointName("AddCollectionEditor"), EndpointSummary("Let a member edit one's own collection")]
    [EndpointDescription("The member is told. Again: 204. Its owner only: 403 `not-yours`; oneself: 409 `own-collection`. At most 20 editors: 409 `too-many-editors`.")]
    private static async Task<NoContent> AddAsync(
        Guid id, Body<CollectionEditorRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] Notifier notifier,
        [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.RequireCollectionAsync(id, user.Id(), cancellationToken);
        var (request, now) = (await body.ReadAsync(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = await db.LockCollectionAsync(id, user.Id(), CollectionRole.Owner, cancellationToken);
        var editor = await db.FindAccountAsync(request.Username!, cancellationToken) ?? throw Problem.NotFound("profile");
        if (editor.Id == collection.OwnerId)
            throw Problem.Of(409, "own-collection", "Its owner edits a collection anyway.");
        var others = await db.Set<CollectionEditor>().CountAsync(e => e.CollectionId == id && e.AccountId != editor.Id, cancellationToken);
        if (others >= MostEditors)
            throw Problem.Of(409, "too-many-editors", $"{MostEditors} editors are the most that a collection can have.");
        var isNew = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO collection_editors (collection_id, account_id, added_at) VALUES ({id}, {editor.Id}, {now}) ON CONFLICT DO NOTHING", cancellationToken) == 1;
        if (isNew)
        {
            await db.SaveChangeAsync(collection, CollectionChangeKind.Updated, item: null, clock, cancellationToken);
            await notifier.TellAsync(editor.Id, NotificationKind.CollectionShared, new(id, collection.Title) { Actor = collection.OwnerId }, now, cancellationToken);
        }

        var answer = await operation.RecordAsync(db, TypedResults.NoContent());
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("RemoveCollectionEditor"), EndpointSummary("Let a member edit a collection no longer")]
    [EndpointDescription(
        """
        By its owner, or by the editor. Again: 204; so leaving answers for any collection, for who has left a private one sees it no longer. Others: 403
        `not-yours`. What they added stays.
        """)]
    private static async Task<NoContent> RemoveAsync(
        Guid id, string username, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var editor = await db.FindAccountAsync(username, cancellationToken);
        var leaves = editor?.Id == user.Id();
        if (!leaves)
            await db.RequireCollectionAsync(id, user.Id(), cancellationToken);
        if (editor is null)
            throw Problem.NotFound("profile");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var collection = leaves
            ? await db.LockCollectionAsync(id, cancellationToken)
            : await db.LockCollectionAsync(id, user.Id(), CollectionRole.Owner, cancellationToken);
        if (collection is not null
            && await db.Set<CollectionEditor>().Where(e => e.CollectionId == id && e.AccountId == editor.Id).ExecuteDeleteAsync(cancellationToken) == 1)
            await db.SaveChangeAsync(collection, CollectionChangeKind.Updated, item: null, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
