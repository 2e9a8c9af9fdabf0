using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Pool.Moderation;

/// <summary>Why a track is hidden.</summary>
/// <param name="Reason">For its owner to read; <c>illegal</c> also takes it from the member who claimed it.</param>
internal sealed record HideRequest(string? Reason);

internal sealed class HideRules : AbstractValidator<HideRequest>
{
    public HideRules() => RuleFor(r => r.Reason).NotEmpty().Prose(500);
}

/// <summary>How a track stands.</summary>
internal sealed record ModerationView(Guid GenerationId, bool Hidden, string? Reason);

/// <summary>A track of the pool that nobody else sees.</summary>
internal sealed record HiddenTrack(TrackCard Track, string? Reason);

internal static class ModerationEndpoints
{
    public static void MapModeration(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/api/admin/pool").WithTags("Operators").RequireAuthorization(Roles.Operator);
        pool.MapGet("", ListAsync);
        pool.MapPost("/{id:guid}/hide", HideAsync);
        pool.MapPost("/{id:guid}/restore", RestoreAsync);
    }

    [EndpointName("ListHiddenPoolTracks"), EndpointSummary("Hidden tracks of the pool, with reasons")]
    private static async Task<Ok<Page<HiddenTrack>>> ListAsync(PageQuery page, Moderator moderator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await moderator.ListHiddenAsync(page, cancellationToken));

    [EndpointName("HidePoolTrack"), EndpointSummary("Take a track out of sight")]
    [EndpointDescription(
        "It leaves lists, claims and ranking everywhere, and its owner can't undo it. Again with another reason replaces the "
        + "reason.")]
    private static async Task<Ok<ModerationView>> HideAsync(
        Guid id, Body<HideRequest> body, ClaimsPrincipal user, Moderator moderator, CancellationToken cancellationToken)
    {
        await moderator.RequireInPoolAsync(id, cancellationToken);
        var request = await body.ReadAsync();
        return TypedResults.Ok(await moderator.ModerateAsync(id, user.Id(), hidden: true, request.Reason!.Trim(), cancellationToken));
    }

    [EndpointName("RestorePoolTrack"), EndpointSummary("Bring a hidden track back")]
    [EndpointDescription("To where it was, with its points.")]
    private static async Task<Ok<ModerationView>> RestoreAsync(
        Guid id, ClaimsPrincipal user, Moderator moderator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await moderator.ModerateAsync(id, user.Id(), hidden: false, reason: null, cancellationToken));
}
