using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Challenges;

/// <summary>Operators set themes.</summary>
internal static class ChallengeDeskEndpoints
{
    public static void MapChallengeDesk(this WebApplication app)
    {
        var challenges = app.MapGroup("/api/admin/challenges").WithTags("Operators").RequireAuthorization(Roles.Operator);
        challenges.MapGet("", ListAsync);
        challenges.MapPost("", CreateAsync).WithIdempotency();
        challenges.MapPatch("/{id:guid}", UpdateAsync).Refuses(409);
        challenges.MapPost("/{id:guid}/cancel", CancelAsync).Refuses(409);
    }

    [EndpointName("ListAllChallenges"), EndpointSummary("Challenges, the latest first (operators)"), EndpointDescription("Cancelled ones, too. `status`: scheduled, open, closed, cancelled.")]
    private static async Task<Ok<Page<ChallengeView>>> ListAsync(
        string? status, PageQuery page, [FromServices] ChallengeReader reader, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ListAsync(status, withCancelled: true, user.Id(), page, cancellationToken));

    [EndpointName("CreateChallenge"), EndpointSummary("Set a theme (operators)")]
    [EndpointDescription("`title`: at most 120 characters; `description`: at most 4000; `opensAt`: now unless told, within a year; `closesAt`: a week later unless told, an hour to 31 days.")]
    private static async Task<Created<ChallengeView>> CreateAsync(
        Body<ChallengeRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] ChallengeReader reader, [FromServices] ChallengeWorker worker,
        [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var now = clock.GetUtcNow();
        var (opens, closes) = ChallengeRules.Period(request.OpensAt ?? now, request.ClosesAt, ChallengeRules.Week, now);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(new Challenge { Id = operation.Id, Title = request.Title!.Trim(), Description = request.Description!.Trim(), OpensAt = opens, ClosesAt = closes });
        await db.SaveChangesAsync(cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/challenges/{operation.Id}", await reader.RequireAsync(operation.Id, user.Id(), cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        worker.Wake();
        return answer;
    }

    [EndpointName("UpdateChallenge"), EndpointSummary("Change a theme before it starts (operators)")]
    [EndpointDescription("What is not sent stays. 409 `challenge-started` afterwards.")]
    private static async Task<Ok<ChallengeView>> UpdateAsync(
        Guid id, Body<ChallengePatch> body, [FromServices] ProfileDb db, [FromServices] ChallengeReader reader, [FromServices] TimeProvider clock, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        await reader.RequireAsync(id, viewer: null, cancellationToken);
        var patch = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (challenge, now) = (await LockAsync(db, id, cancellationToken), clock.GetUtcNow());
        if (challenge.Status != ChallengeStatus.Scheduled || challenge.OpensAt <= now)
            throw Problem.Of(409, "challenge-started", "It has started; it can only be cancelled.");
        // Moved as a whole when only its beginning is told.
        (challenge.OpensAt, challenge.ClosesAt) = ChallengeRules.Period(patch.OpensAt ?? challenge.OpensAt, patch.ClosesAt, challenge.ClosesAt - challenge.OpensAt, now);
        (challenge.Title, challenge.Description) = (patch.Title?.Trim() ?? challenge.Title, patch.Description?.Trim() ?? challenge.Description);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await reader.RequireAsync(id, user.Id(), cancellationToken));
    }

    [EndpointName("CancelChallenge"), EndpointSummary("Call a challenge off (operators)")]
    [EndpointDescription("Before it closes; who takes part is told. Again: the same. 409 `challenge-over` when it has closed.")]
    private static async Task<Ok<ChallengeView>> CancelAsync(
        Guid id, Body<CancelRequest> body, [FromServices] ProfileDb db, [FromServices] ChallengeReader reader, [FromServices] ChallengeWorker worker, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        await reader.RequireAsync(id, viewer: null, cancellationToken);
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var challenge = await LockAsync(db, id, cancellationToken);
        if (challenge.Status == ChallengeStatus.Closed)
            throw Problem.Of(409, "challenge-over", "It has closed: its places are known.");
        if (challenge.Status != ChallengeStatus.Cancelled)
            (challenge.Status, challenge.CancelReason) = (ChallengeStatus.Cancelled, request.Reason!.Trim());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        worker.Wake();
        return TypedResults.Ok(await reader.RequireAsync(id, user.Id(), cancellationToken));
    }

    private static async Task<Challenge> LockAsync(ProfileDb db, Guid id, CancellationToken cancellationToken) =>
        (await db.Set<Challenge>().FromSql($"SELECT * FROM challenges WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).Single();
}
