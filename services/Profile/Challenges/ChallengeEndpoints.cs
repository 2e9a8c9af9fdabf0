using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.PersonalData;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Profile.Challenges;

/// <summary>Themes to which members enter tracks, and on which they vote.</summary>
internal static class ChallengeEndpoints
{
    public static void AddChallenges(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<ChallengeReader>().AddScoped<ChallengeBallot>();
        builder.Services.AddWorker<ChallengeWorker>();
        builder.Services.AddPersonalTable(
            "challenge-entry",
            """
            SELECT jsonb_build_object('challenge', c.title, 'generationId', e.generation_id, 'withdrawn', e.withdrawn, 'place', e.place, 'votes', e.votes, 'at', e.entered_at)::text
            FROM challenge_entries e JOIN challenges c ON c.id = e.challenge_id WHERE e.account_id = $1 ORDER BY e.entered_at
            """,
            PersonalTables.EraseFrom("challenge_entries", "account_id"),
            // Also those whose tracks stay, in the pool.
            "UPDATE challenge_entries SET withdrawn = true WHERE account_id = $1 AND NOT withdrawn AND place IS NULL",
            "DELETE FROM challenge_votes v USING challenge_entries e WHERE e.id = v.entry_id AND e.account_id = $1 AND e.withdrawn");
        builder.Services.AddPersonalTable(
            "challenge-vote",
            """
            SELECT jsonb_build_object('challenge', c.title, 'entryId', v.entry_id, 'at', v.at)::text
            FROM challenge_votes v JOIN challenges c ON c.id = v.challenge_id WHERE v.voter_id = $1 ORDER BY v.at
            """,
            PersonalTables.EraseFrom("challenge_votes", "voter_id"));
    }

    public static void MapChallenges(this WebApplication app)
    {
        var challenges = app.MapGroup("/api/challenges").WithTags("Challenges");
        challenges.MapGet("", ListAsync);
        challenges.MapGet("/{id:guid}", GetAsync);
        challenges.MapGet("/{id:guid}/entries", ListEntriesAsync);
        challenges.MapPost("/{id:guid}/entries", EnterAsync).RequireAuthorization().WithIdempotency().Refuses(403);
        challenges.MapPut("/{id:guid}/vote", VoteAsync).RequireAuthorization().Refuses(403, 409);
    }

    [EndpointName("ListChallenges"), EndpointSummary("Challenges, the latest first")]
    [EndpointDescription("`status`: scheduled, open, closed, cancelled; without it all but the cancelled ones. For everybody.")]
    private static async Task<Ok<Page<ChallengeView>>> ListAsync(
        string? status, PageQuery page, [FromServices] ChallengeReader reader, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.ListAsync(status, withCancelled: false, user.IdOrNull(), page, cancellationToken));

    [EndpointName("GetChallenge"), EndpointSummary("A challenge"), EndpointDescription("With the caller's entry and vote, and, once it has closed, who won: several who have as many votes.")]
    private static async Task<Ok<ChallengeView>> GetAsync(Guid id, [FromServices] ChallengeReader reader, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reader.RequireAsync(id, user.IdOrNull(), cancellationToken));

    [EndpointName("ListChallengeEntries"), EndpointSummary("What takes part in a challenge")]
    [EndpointDescription("While it is open the newest first and without votes; once it has closed by place. Who has as many votes shares a place, and the next one counts them all: 1, 1, 3.")]
    private static async Task<Ok<Page<EntryView>>> ListEntriesAsync(
        Guid id, PageQuery page, [FromServices] ChallengeReader reader, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(id, viewer: null, cancellationToken);
        return TypedResults.Ok(await reader.EntriesAsync(id, user.IdOrNull(), page, cancellationToken));
    }

    [EndpointName("EnterChallenge"), EndpointSummary("Enter a track of one's own")]
    [EndpointDescription(
        """
        A public one, one a member: 403 `not-yours`; 409 `not-public`, `already-entered`, `challenge-not-open`. When it becomes private, hidden or deleted before the
        challenge closes it is withdrawn for good, and votes for it are void; the member may enter again.
        """)]
    private static async Task<Created<EntryView>> EnterAsync(
        Guid id, Body<EntryRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] ChallengeReader reader, [FromServices] ChallengeBallot ballot,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(id, viewer: null, cancellationToken);
        var request = await body.ReadAsync();
        var track = request.GenerationId!.Value;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ballot.EnterAsync(operation.Id, id, user.Id(), track, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/api/challenges/{id}/entries", await reader.RequireEntryAsync(operation.Id, user.Id(), cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("VoteInChallenge"), EndpointSummary("Vote, or change one's vote")]
    [EndpointDescription("One a member, while it is open, not for oneself: 403 `own-entry`; 409 `challenge-not-open`. Nobody sees the counts before it closes.")]
    private static async Task<Ok<ChallengeView>> VoteAsync(
        Guid id, Body<ChallengeVoteRequest> body, [FromServices] ProfileDb db, [FromServices] ChallengeReader reader, [FromServices] ChallengeBallot ballot, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        await reader.RequireAsync(id, viewer: null, cancellationToken);
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ballot.VoteAsync(id, user.Id(), request.EntryId!.Value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await reader.RequireAsync(id, user.Id(), cancellationToken));
    }
}
