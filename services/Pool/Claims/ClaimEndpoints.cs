using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Pool.Sustainability;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Claims;

/// <summary>What to claim.</summary>
/// <param name="Genre">Any when missing.</param>
internal sealed record ClaimRequest(string? Genre);

internal sealed class ClaimRequestRules : AbstractValidator<ClaimRequest>
{
    public ClaimRequestRules() => RuleFor(r => r.Genre).Line(100);
}

/// <summary>The claimed track: the caller's licensed copy, under its contributor's name.</summary>
internal sealed record ClaimedTrack : TrackCard
{
    public ClaimedTrack(TrackCard card, int claimsRemaining, DateTimeOffset resetAt)
        : base(card) => (ClaimsRemaining, ResetAt) = (claimsRemaining, resetAt);

    /// <summary>Claims left today.</summary>
    public int ClaimsRemaining { get; }

    /// <summary>The next UTC midnight, when there are three again.</summary>
    public DateTimeOffset ResetAt { get; }
}

internal static class ClaimEndpoints
{
    public static void MapClaims(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/api/community/pool").WithTags("Community pool").RequireAuthorization();
        pool.MapPost("/claim", ClaimAsync).WithIdempotency().Refuses(403, 404, 429);
    }

    [EndpointName("ClaimTrack"), EndpointSummary("Claim a track of the pool")]
    [EndpointDescription(
        "The server picks the track, of a genre if one is named, never one of the caller's own. For members on FREE without an "
        + "ALVAE badge (403 claims-are-for-free-tier), 3 a UTC day (429 daily-claims-spent); 404 pool-empty says when the next "
        + "contribution is expected.")]
    private static async Task<Created<ClaimedTrack>> ClaimAsync(
        HttpRequest http, Body<ClaimRequest> body, ClaimsPrincipal user, Operation operation, ClaimDesk desk, Stock stock,
        CancellationToken cancellationToken)
    {
        var genre = await ReadGenreAsync(http, body);
        Created<ClaimedTrack>? answer = null;
        var claim = await desk.ClaimAsync(
            user.Id(), genre, async (made, transaction) =>
            answer = await operation.RecordAsync(transaction.Connection!, transaction, Answer(made)),
            cancellationToken);
        return answer ?? throw await RefusalAsync(claim, stock, cancellationToken);
    }

    private static Created<ClaimedTrack> Answer(ClaimAttempt claim) =>
        TypedResults.Created($"/api/wall/{claim.Card!.GenerationId}",
            new ClaimedTrack(claim.Card, ClaimRules.Remaining(claim.Used), ClaimRules.ResetAt(claim.At)));

    /// <summary>All of the body is optional, the body too.</summary>
    private static async Task<string?> ReadGenreAsync(HttpRequest http, Body<ClaimRequest> body) =>
        http.ContentLength is 0 || (http.ContentLength is null && http.ContentType is null) ? null
            : (await body.ReadAsync()).Genre is { Length: > 0 } genre ? genre : null;

    private static async Task<ProblemException> RefusalAsync(ClaimAttempt claim, Stock stock, CancellationToken cancellationToken)
    {
        var reset = ClaimRules.ResetAt(claim.At);
        return claim.Outcome switch
        {
            ClaimOutcome.NotForTier => Problem.Of(
                403, "claims-are-for-free-tier",
                "Claims are for members on FREE; your own allowance makes tracks, and you can contribute them."),
            ClaimOutcome.Spent => Problem.Of(
                429, "daily-claims-spent", $"The {ClaimRules.PerDay} claims of the day are spent; the next day begins at midnight UTC.",
                reset - claim.At, ("resetAt", reset)),
            _ => await EmptyAsync(stock, cancellationToken),
        };
    }

    private static async Task<ProblemException> EmptyAsync(Stock stock, CancellationToken cancellationToken)
    {
        var next = await stock.NextExpectedAsync(cancellationToken);
        return Problem.Of(
            404, "pool-empty",
            next is null ? "No track can be claimed at the moment."
            : "No track can be claimed at the moment; the next contribution is expected at nextExpectedAt.",
            members: [("nextExpectedAt", next)]);
    }
}
