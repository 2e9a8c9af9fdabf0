using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Billing.Quotas;

internal static class LimitsEndpoint
{
    public static IEndpointRouteBuilder MapLimitsEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tiers/limits", ReadAsync).WithTags("Tiers").RequireAuthorization();
        return app;
    }

    [EndpointName("ReadLimits"), EndpointSummary("The caller's allowance: limit, used, reserved, remaining, and when the next unit comes")]
    private static async Task<Ok<Limits>> ReadAsync(ClaimsPrincipal user, LimitsReader limits, CancellationToken cancellationToken) =>
        TypedResults.Ok(await limits.ReadAsync(user.Id(), cancellationToken));
}
