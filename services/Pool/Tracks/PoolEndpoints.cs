using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Pool.Tracks;

/// <summary>Which part of the pool: all parameters are optional.</summary>
/// <param name="Genre">A genre's name, as in <c>/api/genres</c>.</param>
/// <param name="Quality"><c>standard</c>, <c>high</c> or <c>ultra</c>.</param>
/// <param name="Sort"><c>recent</c> (default), <c>popular</c> (likes) or <c>quality</c> (points).</param>
/// <param name="Q">Part of a title, whatever its accents and case.</param>
internal sealed record PoolQuery(
    [FromQuery(Name = "genre")] string? Genre,
    [FromQuery(Name = "quality")] string? Quality,
    [FromQuery(Name = "sort")] string? Sort,
    [FromQuery(Name = "q")] string? Q);

internal static class PoolEndpoints
{
    public static void MapPool(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/api/community/pool").WithTags("Community pool");
        pool.MapGet("", ListAsync).Refuses(400);
    }

    [EndpointName("ListPool"), EndpointSummary("The community pool")]
    [EndpointDescription(
        "Tracks that can be claimed, newest first unless sort says otherwise. Public; signed in, each card says whether it is "
        + "the caller's, liked or claimed.")]
    private static async Task<Ok<Page<TrackCard>>> ListAsync(
        [AsParameters] PoolQuery query, PageQuery page, ClaimsPrincipal user, PoolList list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.ReadAsync(PoolFilter.Of(query), page, user.IdOrNull(), cancellationToken));
}
