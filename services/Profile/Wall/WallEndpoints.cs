using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Awards;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Wall;

/// <summary>What changed.</summary>
internal sealed record WallBulkView(IReadOnlyList<Guid> Ids, bool Archived);

/// <summary>Walls: members' creations as cards.</summary>
internal static class WallEndpoints
{
    private const int MostPinned = 6;
    private const int MostWithdrawnAtOnce = 5_000;

    public static void AddWall(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<BadgeAwards>();
        builder.Services.AddSingleton<CardReader>();
        builder.Services.AddSingleton<WallQuery>();
        builder.Services.AddPersonalTable(
            "wall-entry",
            """
            SELECT jsonb_build_object('generationId', generation_id, 'kind', lower(kind), 'description', description, 'archived', archived, 'pinned', pinned, 'addedAt', added_at)::text
            FROM wall_entries WHERE account_id = $1 ORDER BY added_at
            """,
            PersonalTables.EraseFrom("wall_entries", "account_id"));
        builder.Services.AddPersonalTable(
            "like",
            "SELECT jsonb_build_object('generationId', generation_id, 'at', changed_at)::text FROM track_likes WHERE account_id = $1 AND liked ORDER BY changed_at",
            PersonalTables.EraseFrom("track_likes", "account_id"));
        // What is in the pool stays, without its artist. Everything else is out of sight at once, and goes when generation says that it is deleted: it knows
        // which is which, whereas the news of a contribution may still be on its way here.
        builder.Services.AddPersonalTable(
            "track", export: null,
            "UPDATE tracks SET owner_id = NULL, visibility = 'Private' WHERE generation_id = ANY(ARRAY(SELECT generation_id FROM tracks WHERE owner_id = $1 LIMIT $2))",
            // The newest: who has more than that would wait for seconds for an answer. They keep their owner until the erasure: as the account's row goes, the
            // words of its tracks are found by it, and marked to be forgotten.
            $"""
            UPDATE tracks SET visibility = 'Private'
            WHERE generation_id = ANY(ARRAY(SELECT generation_id FROM tracks WHERE owner_id = $1 ORDER BY generation_id DESC LIMIT {MostWithdrawnAtOnce}))
            """);
        builder.Services.AddPersonalTable(
            "claimed-track", export: null,
            "UPDATE tracks SET claimed_by = NULL WHERE generation_id = ANY(ARRAY(SELECT generation_id FROM tracks WHERE claimed_by = $1 LIMIT $2))");
    }

    public static MessagingBuilder OnTracks(this MessagingBuilder messaging) => messaging
        .On<GenerationCompleted, OnGenerationCompleted>()
        .On<GenerationUpdated, OnGenerationUpdated>()
        .On<GenerationDeleted, OnGenerationDeleted>()
        .On<GenerationFailed, OnGenerationFailed>()
        .On<TrackHidden, OnTrackHidden>()
        .On<TrackRestored, OnTrackRestored>()
        .On<TrackContributed, OnTrackContributed>()
        .On<TrackSwapped, OnTrackSwapped>()
        .On<TrackClaimed, OnTrackClaimed>()
        .On<TrackLiked, OnTrackLiked>()
        .On<TrackPlayed, OnTrackPlayed>()
        .On<RankingChanged, OnRankingChanged>();

    public static void MapWall(this WebApplication app)
    {
        app.MapGet("/api/profiles/{username}/wall", ListAsync).WithTags("Wall");
        app.MapGet("/api/feed", FeedAsync).WithTags("Wall").RequireAuthorization();
        app.MapGet("/api/likes", LikesAsync).WithTags("Wall").RequireAuthorization();
        var wall = app.MapGroup("/api/wall").WithTags("Wall");
        wall.MapGet("/{creationId:guid}", GetAsync);
        wall.MapPatch("/{creationId:guid}", UpdateAsync).RequireAuthorization().Refuses(409);
        wall.MapPatch("", UpdateManyAsync).RequireAuthorization().Refuses(404);
    }

    [EndpointName("ListWall"), EndpointSummary("A member's wall")]
    [EndpointDescription(
        """
        `view`: all, music (made by the member), projects (made from another track), collabs (claimed from their artists), archived (its owner's alone).
        `sort`: recent (pinned ones first), oldest, popular, plays. `q` finds a part of the title. Its owner sees private ones, too.
        """)]
    private static async Task<Ok<Page<WallCardView>>> ListAsync(
        string username, string? view, string? sort, string? genre, string? q, PageQuery page, [FromServices] ProfileDb db, [FromServices] WallQuery wall,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var owner = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("profile");
        return TypedResults.Ok(await wall.ReadAsync(owner.Id, user.IdOrNull(), WallFilter.Of(view, sort, genre, q), page, cancellationToken));
    }

    [EndpointName("GetFeed"), EndpointSummary("The newest tracks of whom the caller follows"), EndpointDescription("Public ones, newest first.")]
    private static async Task<Ok<Page<CardView>>> FeedAsync(PageQuery page, [FromServices] CardReader cards, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var after = page.After<TimeKey>();
        // Of each followed member only as many as a page has: the rest can't be on it. The index holds all that this takes; only the page's own rows are read.
        var rows = await cards.ReadAsync(
            $"""
            SELECT {CardReader.Columns} FROM (
                SELECT n.generation_id FROM follows f CROSS JOIN LATERAL (
                    SELECT t.completed_at, t.generation_id FROM tracks t WHERE t.owner_id = f.followee_id AND t.listed AND (t.completed_at, t.generation_id) < ($2, $3)
                    ORDER BY t.completed_at DESC, t.generation_id DESC LIMIT $4) n
                WHERE f.follower_id = $1 ORDER BY n.completed_at DESC, n.generation_id DESC LIMIT $4) page JOIN tracks t USING (generation_id) {CardReader.Joins}
            ORDER BY t.completed_at DESC, t.generation_id DESC
            """,
            user.Id(), [after?.At ?? DateTimeOffset.MaxValue, after?.Id ?? Guid.AllBitsSet, page.Limit + 1], (_, card) => card, cancellationToken);
        return TypedResults.Ok(Page<CardView>.Of(rows, page, c => new TimeKey(c.CreatedAt!.Value, c.Id)));
    }

    [EndpointName("ListLikes"), EndpointSummary("What the caller likes, the latest like first"), EndpointDescription("Without what became private, hidden or deleted since.")]
    private static async Task<Ok<Page<CardView>>> LikesAsync(PageQuery page, [FromServices] CardReader cards, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var after = page.After<TimeKey>();
        var rows = await cards.ReadAsync(
            $"""
            SELECT {CardReader.Columns}, l.changed_at FROM track_likes own JOIN tracks t USING (generation_id) {CardReader.Joins}
            WHERE own.account_id = $1 AND own.liked AND t.audible AND (own.changed_at, own.generation_id) < ($2, $3)
            ORDER BY own.changed_at DESC, own.generation_id DESC LIMIT $4
            """,
            user.Id(), [after?.At ?? DateTimeOffset.MaxValue, after?.Id ?? Guid.AllBitsSet, page.Limit + 1],
            (row, card) => (Card: card, At: row.GetFieldValue<DateTimeOffset>(CardReader.ColumnCount)), cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, r => new TimeKey(r.At, r.Card.Id), r => r.Card));
    }

    [EndpointName("GetCreation"), EndpointSummary("A creation's public card"), EndpointDescription("With its artist's description. Private ones for their owner only.")]
    private static async Task<Ok<WallCardView>> GetAsync(Guid creationId, [FromServices] CardReader cards, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var viewer = user.IdOrNull();
        // The caller's own entry before the artist's: of a claimed copy the caller's words are shown.
        var rows = await cards.ReadAsync(
            $"""
            SELECT {CardReader.Columns}, w.kind, w.description, w.pinned, w.archived, w.added_at, w.account_id FROM wall_entries w JOIN tracks t USING (generation_id) {CardReader.Joins}
            WHERE w.generation_id = $2 AND (w.account_id = $1 OR (w.account_id = t.owner_id AND t.audible) OR (t.owner_id IS NULL AND t.audible AND w.kind = 'Collab'))
                AND t.completed_at IS NOT NULL AND NOT t.deleted AND NOT (t.hidden AND (w.kind <> 'Collab' OR t.illegal OR w.account_id IS DISTINCT FROM $1))
            ORDER BY (w.account_id = $1) DESC NULLS LAST, w.account_id LIMIT 1
            """,
            viewer, [creationId], (row, card) => WallQuery.Card(row, card, row.GetGuid(CardReader.ColumnCount + 5) == viewer), cancellationToken);
        return rows is [var found] ? TypedResults.Ok(found) : throw Problem.NotFound("creation");
    }

    [EndpointName("UpdateCreation"), EndpointSummary("Describe, archive or pin a creation on one's own wall")]
    [EndpointDescription("A field that is not sent stays. Archived ones are seen by nobody else. At most 6 are pinned: 409 `too-many-pinned`. Title and visibility belong to the generation.")]
    private static async Task<Ok<WallCardView>> UpdateAsync(
        Guid creationId, Body<WallPatch> body, [FromServices] ProfileDb db, [FromServices] CardReader cards, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var account = user.Id();
        if (!await db.Set<WallEntry>().AnyAsync(w => w.AccountId == account && w.GenerationId == creationId, cancellationToken))
            throw Problem.NotFound("creation");
        var patch = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (patch.Pinned == true)
            await RequirePinAsync(db, account, creationId, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE wall_entries SET description = CASE WHEN {patch.HasDescription} THEN {patch.Description} ELSE description END,
                archived = coalesce({patch.Archived}, archived), pinned = coalesce({patch.Pinned}, pinned) AND NOT coalesce({patch.Archived}, archived)
            WHERE account_id = {account} AND generation_id = {creationId}
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await GetAsync(creationId, cards, user, cancellationToken);
    }

    [EndpointName("UpdateCreations"), EndpointSummary("Archive many, or bring them back")]
    [EndpointDescription("At most 100 of one's own wall; all or none: 404 when one is not there.")]
    private static async Task<Ok<WallBulkView>> UpdateManyAsync(
        Body<WallBulkPatch> body, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var patch = await body.ReadAsync();
        var (account, ids, archived) = (user.Id(), patch.Ids!.Distinct().ToArray(), patch.Archived!.Value);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db.Set<WallEntry>().Where(w => w.AccountId == account && ids.Contains(w.GenerationId))
            .ExecuteUpdateAsync(row => row.SetProperty(w => w.Archived, archived).SetProperty(w => w.Pinned, w => w.Pinned && !archived), cancellationToken);
        if (changed != ids.Length)
            throw Problem.NotFound("creation");
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new WallBulkView(ids, archived));
    }

    private static async Task RequirePinAsync(ProfileDb db, Guid account, Guid creation, CancellationToken cancellationToken)
    {
        // The lock makes parallel requests count each other's pins.
        await db.LockAccountAsync(account, cancellationToken);
        if (await db.Set<WallEntry>().CountAsync(w => w.AccountId == account && w.Pinned && w.GenerationId != creation, cancellationToken) >= MostPinned)
            throw Problem.Of(409, "too-many-pinned", $"{MostPinned} are pinned; unpin one first.");
    }
}

/// <summary>Where a page ended that goes by time.</summary>
internal readonly record struct TimeKey(DateTimeOffset At, Guid Id);
