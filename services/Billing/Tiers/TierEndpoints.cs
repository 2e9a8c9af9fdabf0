using System.Security.Claims;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Billing.Tiers;

/// <summary>A tier of the catalogue, as it is shown.</summary>
public sealed record TierDto(
    Tier Tier, int PriceCents, string Currency, int Generations, QuotaPeriod Period, int MonthlyGenerations,
    IReadOnlyList<Quality> Qualities, long? StorageBytes, TierFeatures Features);

internal static class TierEndpoints
{
    private static readonly Page<TierDto> Catalogue = new(
        [
            .. TierCatalogue.Plans.Select(p => new TierDto(
                p.Tier, p.PriceCents, TierCatalogue.Currency, p.Units, p.Period, p.MonthlyUnits, p.Qualities, p.StorageBytes, p.Features)),
        ],
        null);

    public static IEndpointRouteBuilder MapTierEndpoints(this IEndpointRouteBuilder app)
    {
        var tiers = app.MapGroup("/api/tiers").WithTags("Tiers");
        tiers.MapGet("/", () => TypedResults.Ok(Catalogue)).WithName("ListTiers").WithSummary("The tiers and what they cost");
        tiers.MapGet("/limits", (ClaimsPrincipal user, LimitsReader limits, CancellationToken cancellationToken) => limits.ReadAsync(user.Id(), cancellationToken))
            .RequireAuthorization().WithName("ReadLimits").WithSummary("The caller's allowance: limit, used, reserved, remaining");
        return app;
    }
}
