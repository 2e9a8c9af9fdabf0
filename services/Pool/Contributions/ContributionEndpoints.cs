using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Contributions;

/// <summary>Which of the caller's tracks.</summary>
internal sealed record ContributionRequest(Guid? GenerationId);

internal sealed class ContributionRules : AbstractValidator<ContributionRequest>
{
    public ContributionRules() => RuleFor(r => r.GenerationId).NotEmpty().WithMessage("The id of one of your finished generations.");
}

internal static class ContributionEndpoints
{
    public static void MapContributions(this IEndpointRouteBuilder app)
    {
        var community = app.MapGroup("/api/community").WithTags("Community pool").RequireAuthorization();
        community.MapPost("/contribute", ContributeAsync).WithIdempotency().Refuses(403, 404);
        community.MapPost("/pool/{id:guid}/swap", SwapAsync).WithIdempotency().Refuses(403);
    }

    [EndpointName("ContributeTrack"), EndpointSummary("Contribute one more track by hand")]
    [EndpointDescription(
        "Own finished originals only: no claimed copy, and nothing made from another member's track (403 not-your-track). It earns "
        + "points and does not reduce what the accumulator contributes. 409 already-contributed.")]
    private static async Task<Created<TrackCard>> ContributeAsync(
        Body<ContributionRequest> body, ClaimsPrincipal user, Operation operation, ManualContributions contributions,
        CancellationToken cancellationToken) =>
        await contributions.ContributeAsync((await body.ReadAsync()).GenerationId!.Value, user.Id(), operation, cancellationToken);

    [EndpointName("SwapTrack"), EndpointSummary("Put another track in the place of a contributed one")]
    [EndpointDescription(
        "Within 24 hours of the contribution, while it is unclaimed, for an own finished original of equal or higher quality; else "
        + "409 swap-too-late. The new track takes place, time and kind of the old one and earns its own points; likes stay with "
        + "their track.")]
    private static Task<Created<TrackCard>> SwapAsync(
        Guid id, Body<ContributionRequest> body, ClaimsPrincipal user, Operation operation, ManualContributions contributions,
        CancellationToken cancellationToken) =>
        contributions.SwapAsync(id, body, user.Id(), operation, cancellationToken);
}
