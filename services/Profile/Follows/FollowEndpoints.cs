using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Follows;

/// <summary>Following members.</summary>
internal static class FollowEndpoints
{
    private const int MostFollowed = 5_000;

    public static void AddFollows(this WebApplicationBuilder builder)
    {
        builder.Services.AddPersonalTable(
            "follow",
            "SELECT jsonb_build_object('username', a.username, 'since', f.created_at)::text FROM follows f JOIN accounts a ON a.id = f.followee_id WHERE f.follower_id = $1 ORDER BY f.created_at",
            PersonalTables.EraseFrom("follows", "follower_id"));
        builder.Services.AddPersonalTable("follower", export: null, PersonalTables.EraseFrom("follows", "followee_id"));
    }

    public static void MapFollows(this WebApplication app)
    {
        var profiles = app.MapGroup("/api/profiles/{username}").WithTags("Profiles");
        profiles.MapPost("/follow", FollowAsync).RequireAuthorization().WithIdempotency().Refuses(409);
        profiles.MapDelete("/follow", UnfollowAsync).RequireAuthorization();
        profiles.MapGet("/followers", FollowersAsync);
        profiles.MapGet("/following", FollowingAsync);
    }

    [EndpointName("Follow"), EndpointSummary("Follow a member"), EndpointDescription("Again: 204. Oneself: 409 `own-profile`. At most 5,000 members: 409 `too-many-followed`.")]
    private static async Task<NoContent> FollowAsync(
        string username, Operation operation, [FromServices] ProfileDb db, [FromServices] Notifier notifier, [FromServices] TimeProvider clock,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var followee = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("profile");
        var (follower, now) = (user.Id(), clock.GetUtcNow());
        if (followee.Id == follower)
            throw Problem.Of(409, "own-profile", "Nobody follows themselves.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockAccountAsync(follower, cancellationToken) is null)
            throw AccountQueries.Gone();
        if (await db.Set<Follow>().CountAsync(f => f.FollowerId == follower, cancellationToken) >= MostFollowed)
            throw Problem.Of(409, "too-many-followed", $"{MostFollowed} members are the most that one can follow.");
        var isNew = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO follows (follower_id, followee_id, created_at) VALUES ({follower}, {followee.Id}, {now}) ON CONFLICT DO NOTHING", cancellationToken) == 1;
        if (isNew)
            await notifier.TellAsync(followee.Id, NotificationKind.Followed, new(null) { Actor = follower }, now, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.NoContent());
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("Unfollow"), EndpointSummary("Follow a member no longer"), EndpointDescription("Again: 204.")]
    private static async Task<NoContent> UnfollowAsync(string username, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var followee = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("profile");
        var follower = user.Id();
        await db.Set<Follow>().Where(f => f.FollowerId == follower && f.FolloweeId == followee.Id).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("ListFollowers"), EndpointSummary("Who follows a member, the latest first"), EndpointDescription("404 when the member does not show it to others.")]
    private static Task<Ok<Page<MemberView>>> FollowersAsync(string username, PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        ListAsync(username, page, db, user, (id, follows) => follows.Where(f => f.FolloweeId == id).Select(f => new Edge { Id = f.FollowerId, At = f.CreatedAt }), cancellationToken);

    [EndpointName("ListFollowing"), EndpointSummary("Whom a member follows, the latest first"), EndpointDescription("404 when the member does not show it to others.")]
    private static Task<Ok<Page<MemberView>>> FollowingAsync(string username, PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        ListAsync(username, page, db, user, (id, follows) => follows.Where(f => f.FollowerId == id).Select(f => new Edge { Id = f.FolloweeId, At = f.CreatedAt }), cancellationToken);

    private static async Task<Ok<Page<MemberView>>> ListAsync(
        string username, PageQuery page, ProfileDb db, ClaimsPrincipal user, Func<Guid, IQueryable<Follow>, IQueryable<Edge>> edges, CancellationToken cancellationToken)
    {
        var account = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("profile");
        if (!account.FollowsVisible && account.Id != user.IdOrNull())
            throw Problem.NotFound("list");
        var after = page.After<TimeKey>();
        var rows = await edges(account.Id, db.Set<Follow>())
            .Where(e => after == null || e.At < after.Value.At || (e.At == after.Value.At && e.Id.CompareTo(after.Value.Id) < 0))
            // What deleted members leave is erased in batches.
            .Where(e => db.Set<Account>().Any(a => a.Id == e.Id))
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.Select(e => e.Id), cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, e => new TimeKey(e.At, e.Id), e => members.Of(e.Id)));
    }

    // Not a positional record: Entity Framework sees through initialisers only.
    private sealed record Edge
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
    }
}
