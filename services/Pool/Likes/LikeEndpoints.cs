using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;

namespace Son1kVers3.Pool.Likes;

/// <summary>How a track stands with the caller.</summary>
/// <param name="Likes">Of everybody.</param>
internal sealed record LikeView(Guid GenerationId, bool Liked, int Likes);

/// <param name="Counted">False without sign-in, and within half an hour of the caller's last counted play.</param>
/// <param name="Plays">Of everybody.</param>
internal sealed record PlayView(Guid GenerationId, bool Counted, long Plays);

internal static class LikeEndpoints
{
    public static void MapLikes(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/api/community/pool/{id:guid}").WithTags("Community pool");
        pool.MapPut("/like", LikeAsync).RequireAuthorization().WithName("LikePoolTrack").Refuses(403);
        pool.MapDelete("/like", UnlikeAsync).RequireAuthorization().WithName("UnlikePoolTrack");
        pool.MapPost("/play", PlayAsync);
        var wall = app.MapGroup("/api/wall/{id:guid}").WithTags("Wall").RequireAuthorization();
        wall.MapPost("/like", LikeAsync).WithName("LikeTrack").Refuses(403);
        wall.MapDelete("/like", UnlikeAsync).WithName("UnlikeTrack");
    }

    [EndpointSummary("Like a track")]
    [EndpointDescription(
        "Any track that the caller may hear, in the pool or not, by its generation's id; once a member, and again changes "
        + "nothing. Not one's own: 403 own-track.")]
    private static async Task<Ok<LikeView>> LikeAsync(Guid id, ClaimsPrincipal user, LikeBook likes, CancellationToken cancellationToken) =>
        TypedResults.Ok(await likes.LikeAsync(id, user.Id(), cancellationToken));

    [EndpointSummary("Take a like back"), EndpointDescription("Without a like it changes nothing.")]
    private static async Task<Ok<LikeView>> UnlikeAsync(
        Guid id, ClaimsPrincipal user, LikeBook likes, CancellationToken cancellationToken) =>
        TypedResults.Ok(await likes.UnlikeAsync(id, user.Id(), cancellationToken));

    [EndpointName("PlayTrack"), EndpointSummary("Tell that a track was played")]
    [EndpointDescription("Any track that the caller may hear. Open to all; counted once a member, track and 30 minutes.")]
    private static async Task<Ok<PlayView>> PlayAsync(Guid id, ClaimsPrincipal user, PlayBook plays, CancellationToken cancellationToken) =>
        TypedResults.Ok(await plays.PlayAsync(id, user.IdOrNull(), cancellationToken));
}
