using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Pool.Shares;

internal static class ShareEndpoint
{
    public static void MapShare(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/community/me", MeAsync).WithTags("Community pool").RequireAuthorization();

    [EndpointName("GetMyContributions"), EndpointSummary("The caller's part in the pool")]
    [EndpointDescription(
        "Of every 20 tracks that a paid allowance completes one is contributed: how far the next one is, which track went last "
        + "and until when it can be swapped, and the claims left today.")]
    private static async Task<Ok<MemberShare>> MeAsync(ClaimsPrincipal user, MemberShares shares, CancellationToken cancellationToken) =>
        TypedResults.Ok(await shares.ReadAsync(user.Id(), cancellationToken));
}
