using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Comments;

/// <summary>What is said.</summary>
internal sealed record CommentRequest(string? Text);

internal sealed class CommentRules : AbstractValidator<CommentRequest>
{
    public CommentRules() => RuleFor(r => r.Text).NotEmpty().WithMessage("Some text.").Because(FieldReasons.Required).Prose(1000);
}

/// <summary>A comment.</summary>
internal sealed record CommentView(Guid Id, Guid CreationId, MemberView Author, string Text, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, bool? Mine);

/// <summary>Comments on creations.</summary>
internal static class CommentEndpoints
{
    public static void AddComments(this WebApplicationBuilder builder) => builder.Services.AddPersonalTable(
        "comment",
        "SELECT jsonb_build_object('generationId', generation_id, 'text', text, 'at', created_at)::text FROM comments WHERE author_id = $1 ORDER BY id",
        """
        WITH gone AS (DELETE FROM comments WHERE id = ANY(ARRAY(SELECT id FROM comments WHERE author_id = $1 LIMIT $2)) RETURNING generation_id, hidden_at)
        UPDATE tracks t SET comments = greatest(0, t.comments - n) FROM (SELECT generation_id, count(*) FILTER (WHERE hidden_at IS NULL)::int AS n FROM gone GROUP BY generation_id) g WHERE g.generation_id = t.generation_id
        """);

    public static void MapComments(this WebApplication app)
    {
        var wall = app.MapGroup("/api/wall").WithTags("Wall");
        wall.MapGet("/{creationId:guid}/comments", ListAsync);
        wall.MapPost("/{creationId:guid}/comments", CreateAsync).RequireAuthorization().WithIdempotency();
        wall.MapPatch("/comments/{id:guid}", EditAsync).RequireAuthorization().Refuses(403);
        wall.MapDelete("/comments/{id:guid}", DeleteAsync).RequireAuthorization().Refuses(403);
    }

    [EndpointName("ListComments"), EndpointSummary("Comments on a creation, newest first"), EndpointDescription("For everybody who may hear it.")]
    private static async Task<Ok<Page<CommentView>>> ListAsync(
        Guid creationId, PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await RequireVisibleAsync(db, creationId, user.IdOrNull(), cancellationToken);
        var (viewer, after) = (user.IdOrNull(), page.After<Guid>());
        var rows = await db.Set<Comment>().AsNoTracking().Where(c => c.GenerationId == creationId && c.HiddenAt == null && (after == null || c.Id.CompareTo(after.Value) < 0))
            // What deleted members said is erased in batches.
            .Where(c => db.Set<Account>().Any(a => a.Id == c.AuthorId))
            .OrderByDescending(c => c.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var authors = await db.MembersAsync(rows.Select(c => c.AuthorId), cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, c => c.Id, c => View(c, authors.Of(c.AuthorId), viewer)));
    }

    [EndpointName("CreateComment"), EndpointSummary("Comment on a creation"), EndpointDescription("1 to 1000 characters. The artist is told.")]
    private static async Task<Created<CommentView>> CreateAsync(
        Guid creationId, Body<CommentRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] Notifier notifier, [FromServices] TimeProvider clock,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var track = await RequireVisibleAsync(db, creationId, user.Id(), cancellationToken);
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.Set<Account>().AnyAsync(a => a.Id == user.Id(), cancellationToken))
            throw AccountQueries.Gone();
        var comment = new Comment { Id = operation.Id, GenerationId = creationId, AuthorId = user.Id(), Text = request.Text!.Trim(), CreatedAt = clock.GetUtcNow() };
        db.Add(comment);
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE tracks SET comments = comments + 1 WHERE generation_id = {creationId}", cancellationToken);
        if (track.OwnerId is { } owner)
        {
            await notifier.TellAsync(
                owner, NotificationKind.TrackCommented, new(creationId, track.Title) { Actor = comment.AuthorId, Comment = comment.Id }, comment.CreatedAt, cancellationToken);
        }

        var author = (await db.MembersAsync([comment.AuthorId], cancellationToken)).Of(comment.AuthorId);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/wall/{creationId}/comments", View(comment, author, comment.AuthorId)));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("EditComment"), EndpointSummary("Change one's own comment"), EndpointDescription("`editedAt` tells that it was changed.")]
    private static async Task<Ok<CommentView>> EditAsync(
        Guid id, Body<CommentRequest> body, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var comment = await RequireAsync(db, id, user.Id(), cancellationToken);
        var request = await body.ReadAsync();
        if (comment.AuthorId != user.Id())
            throw Problem.Of(403, "not-yours", "Only its author changes a comment.");
        (comment.Text, comment.EditedAt) = (request.Text!.Trim(), clock.GetUtcNow());
        var changed = await db.Set<Comment>().Where(c => c.Id == id && c.HiddenAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(c => c.Text, comment.Text).SetProperty(c => c.EditedAt, comment.EditedAt), cancellationToken);
        if (changed == 0)
            throw Problem.NotFound("comment");
        return TypedResults.Ok(View(comment, (await db.MembersAsync([comment.AuthorId], cancellationToken)).Of(comment.AuthorId), user.Id()));
    }

    [EndpointName("DeleteComment"), EndpointSummary("Delete a comment"), EndpointDescription("One's own, also one that operators have hidden, or any on one's own creation.")]
    private static async Task<NoContent> DeleteAsync(Guid id, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var comment = await RequireAsync(db, id, user.Id(), cancellationToken, ownHidden: true);
        if (comment.AuthorId != user.Id() && !await db.Set<Track>().AnyAsync(t => t.GenerationId == comment.GenerationId && t.OwnerId == user.Id(), cancellationToken))
            throw Problem.Of(403, "not-yours", "Only its author and the artist delete a comment.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // A hidden one is not counted.
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH gone AS (DELETE FROM comments WHERE id = {id} AND (hidden_at IS NULL OR author_id = {user.Id()}) RETURNING generation_id, hidden_at)
            UPDATE tracks t SET comments = greatest(0, t.comments - 1) FROM gone WHERE t.generation_id = gone.generation_id AND gone.hidden_at IS NULL
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Comment> RequireAsync(ProfileDb db, Guid id, Guid viewer, CancellationToken cancellationToken, bool ownHidden = false)
    {
        var comment = await db.Set<Comment>().AsNoTracking()
            .FirstOrDefaultAsync(c => c.Id == id && (c.HiddenAt == null || (ownHidden && c.AuthorId == viewer)), cancellationToken) ?? throw Problem.NotFound("comment");
        if (comment.AuthorId != viewer)
            await RequireVisibleAsync(db, comment.GenerationId, viewer, cancellationToken);
        return comment;
    }

    private static async Task<Track> RequireVisibleAsync(ProfileDb db, Guid creation, Guid? viewer, CancellationToken cancellationToken)
    {
        var track = await db.Set<Track>().AsNoTracking().FirstOrDefaultAsync(t => t.GenerationId == creation, cancellationToken);
        return track is { Audible: true } || (track is { CompletedAt: not null, Deleted: false, Hidden: false } && viewer is not null && track.OwnerId == viewer)
            ? track
            : throw Problem.NotFound("creation");
    }

    private static CommentView View(Comment comment, MemberView author, Guid? viewer) => new(
        comment.Id, comment.GenerationId, author, comment.Text, comment.CreatedAt, comment.EditedAt, viewer is null ? null : comment.AuthorId == viewer);
}
