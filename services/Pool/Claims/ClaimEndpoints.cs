using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
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
    public ClaimedTrack(TrackCard card, ClaimReceipt receipt)
        : base(card) => (ClaimsRemaining, ResetAt) = (receipt.ClaimsRemaining, receipt.ResetAt);

    /// <summary>Claims left today.</summary>
    public int ClaimsRemaining { get; }

    /// <summary>The next UTC midnight, when there are three again.</summary>
    public DateTimeOffset ResetAt { get; }
}

/// <summary>What a repeated claim is answered from: the card is read again, so that a name that is gone meanwhile is kept nowhere.</summary>
internal sealed record ClaimReceipt(Guid GenerationId, int ClaimsRemaining, DateTimeOffset ResetAt)
{
    public static ClaimReceipt Of(ClaimAttempt claim) =>
        new(claim.Card!.GenerationId, ClaimRules.Remaining(claim.Used), ClaimRules.ResetAt(claim.At));
}

internal static class ClaimEndpoints
{
    public static void MapClaims(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/api/community/pool").WithTags("Community pool").RequireAuthorization();
        pool.MapPost("/claim", ClaimAsync).WithReceipts().Refuses(403, 404, 429);
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
        if (operation.Receipt<ClaimReceipt>() is { } earlier)
            return Answer(await desk.FindAsync(earlier.GenerationId, user.Id(), cancellationToken), earlier);
        var genre = await ReadGenreAsync(http, body);
        var claim = await desk.ClaimAsync(user.Id(), genre, operation.HasKey ? KeepAsync : null, cancellationToken);
        return claim.Outcome == ClaimOutcome.Claimed
            ? Answer(claim.Card!, ClaimReceipt.Of(claim))
            : throw await RefusalAsync(claim, stock, cancellationToken);

        Task KeepAsync(ClaimAttempt made, NpgsqlTransaction transaction) =>
            operation.KeepReceiptAsync(transaction.Connection!, transaction, ClaimReceipt.Of(made));
    }

    private static Created<ClaimedTrack> Answer(TrackCard card, ClaimReceipt receipt) =>
        TypedResults.Created($"/api/wall/{card.GenerationId}", new ClaimedTrack(card, receipt));

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
