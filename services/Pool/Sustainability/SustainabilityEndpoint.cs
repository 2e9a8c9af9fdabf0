using Microsoft.AspNetCore.Http.HttpResults;

namespace Son1kVers3.Pool.Sustainability;

/// <summary>Whether the pool feeds its FREE members.</summary>
/// <param name="PaidMembers">With a paid allowance now, by tier and together.</param>
/// <param name="ActiveFreeMembers">FREE members who claimed or made something within 30 days.</param>
/// <param name="MonthlyInflow">Tracks a month when paid members use what they pay for: the twentieth part of their allowances.</param>
/// <param name="ContributedLast30Days">What came in really, by hand included.</param>
/// <param name="ClaimsPerFreeMember">A month, by the model.</param>
/// <param name="FreeMembersSustained">By the monthly inflow.</param>
/// <param name="Ratio">Paid members for each FREE one sustained, <c>10:1</c>; null while none is.</param>
/// <param name="Available">Tracks that can be claimed now.</param>
internal sealed record SustainabilityView(
    PaidMembers PaidMembers, long ActiveFreeMembers, long MonthlyInflow, long ContributedLast30Days, long ClaimedLast30Days,
    int ClaimsPerFreeMember,
    long FreeMembersSustained, string? Ratio, long Available, Forecast Forecast)
{
    public static SustainabilityView Of(StockFacts facts, DateTimeOffset now)
    {
        var paid = new PaidMembers(CountOf("Creator"), CountOf("Pro"), CountOf("Studio"), facts.Paid.Sum(t => t.Members));
        var inflow = BusinessModel.MonthlyInflow(facts.Paid);
        var sustained = BusinessModel.FreeMembersSustained(inflow);
        return new SustainabilityView(
            paid, facts.ActiveFree, inflow, facts.Contributed, facts.Claimed, BusinessModel.ClaimsPerFreeMember, sustained,
            BusinessModel.Ratio(paid.Total, sustained),
            facts.Available, Forecast.Of(facts, now));

        long CountOf(string tier) => facts.Paid.Where(t => t.Tier == tier).Sum(t => t.Members);
    }
}

internal sealed record PaidMembers(long Creator, long Pro, long Studio, long Total);

internal static class SustainabilityEndpoint
{
    public static void MapSustainability(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/community/sustainability", GetAsync).WithTags("Community pool");

    [EndpointName("GetSustainability"), EndpointSummary("Whether the pool feeds its FREE members")]
    [EndpointDescription("Live figures (at most two seconds old) and a forecast at the pace of the last 30 days. Public.")]
    private static async Task<Ok<SustainabilityView>> GetAsync(Stock stock, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(SustainabilityView.Of(await stock.FactsAsync(cancellationToken), clock.GetUtcNow()));
}
