using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Paging;

namespace Son1kVers3.Billing.Tiers;

/// <summary>A tier of the catalogue, as it is shown.</summary>
public sealed record TierView(
    Tier Tier, int PriceCents, string Currency, int Generations, QuotaPeriod Period, int MonthlyGenerations,
    IReadOnlyList<Quality> Qualities, long? StorageBytes, TierFeatures Features, IReadOnlyList<PlannedFeature> Planned);

internal static class TierEndpoints
{
    private static readonly Page<TierView> Catalogue = new(
        [
            .. TierCatalogue.Plans.Select(p => new TierView(
                p.Tier, p.PriceCents, TierCatalogue.Currency, p.Units, p.Period, p.MonthlyUnits, p.Qualities, p.StorageBytes, p.Features,
                p.Planned)),
        ],
        null);

    public static IEndpointRouteBuilder MapTierEndpoints(this IEndpointRouteBuilder app)
    {
        var tiers = app.MapGroup("/api/tiers").WithTags("Tiers");
        tiers.MapGet("/", List);
        return app;
    }

    [EndpointName("ListTiers"), EndpointSummary("The tiers and what they cost")]
    private static Ok<Page<TierView>> List() => TypedResults.Ok(Catalogue);
}
