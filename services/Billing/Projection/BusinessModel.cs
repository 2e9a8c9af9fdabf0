using System.Globalization;
using Son1kVers3.Billing.Tiers;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Projection;

/// <summary>What so many subscribers bring in, and how many FREE members the pool's share of their tracks sustains.</summary>
public sealed record BusinessModel(
    string Currency, IReadOnlyList<TierProjection> Tiers, long MonthlyCents, long YearlyCents, long PoolGenerationsPerMonth, long FreeUsersSustained)
{
    /// <summary>Of twenty tracks that paid allowances make one goes to the pool: 5 %.</summary>
    public const int PoolShare = 20;

    /// <summary>Projects subscribers per paid tier.</summary>
    public static BusinessModel Of(long creator, long pro, long studio)
    {
        TierProjection[] tiers = [Project(Tier.Creator, creator), Project(Tier.Pro, pro), Project(Tier.Studio, studio)];
        var monthly = tiers.Sum(t => t.MonthlyCents);
        var pool = tiers.Sum(t => t.GenerationsPerMonth) / PoolShare;
        return new BusinessModel(TierCatalogue.Currency, tiers, monthly, monthly * 12, pool, pool / TierCatalogue.Of(Tier.Free).MonthlyUnits);
    }

    private static TierProjection Project(Tier tier, long subscribers)
    {
        var plan = TierCatalogue.Of(tier);
        return new TierProjection(tier, subscribers, subscribers * plan.PriceCents, subscribers * plan.MonthlyUnits);
    }
}

/// <summary>One tier's part.</summary>
public sealed record TierProjection(Tier Tier, long Subscribers, long MonthlyCents, long GenerationsPerMonth);

internal static class ProjectionEndpoint
{
    private const long Most = 1_000_000_000;

    public static IEndpointRouteBuilder MapProjectionEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tiers/projection", (HttpRequest request) => TypedResults.Ok(Project(request.Query))).WithTags("Tiers")
            .WithName("ProjectBusiness").WithSummary("The business model for ?creator=&pro=&studio= subscribers; without any, 60/30/10").Refuses(400);
        return app;
    }

    private static BusinessModel Project(IQueryCollection query)
    {
        string[] names = ["creator", "pro", "studio"];
        if (!names.Any(query.ContainsKey))
            return BusinessModel.Of(60, 30, 10);
        var errors = new Dictionary<string, string[]>();
        var numbers = names.Select(name => Read(query, name, errors)).ToArray();
        return errors.Count > 0 ? throw Problem.Invalid(errors) : BusinessModel.Of(numbers[0], numbers[1], numbers[2]);
    }

    private static long Read(IQueryCollection query, string name, Dictionary<string, string[]> errors)
    {
        if (!query.TryGetValue(name, out var texts))
            return 0;
        if (texts is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most)
            return number;
        errors[name] = [$"A whole number from 0 to {Most}."];
        return 0;
    }
}
