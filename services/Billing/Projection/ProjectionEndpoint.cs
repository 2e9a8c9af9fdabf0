using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Billing.Projection;

internal static class ProjectionEndpoint
{
    private const long Most = 1_000_000_000;

    public static IEndpointRouteBuilder MapProjectionEndpoint(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/tiers/projection", Project).WithTags("Tiers").Refuses(400);
        return app;
    }

    [EndpointName("ProjectBusiness"), EndpointSummary("The business model for ?creator=&pro=&studio= subscribers; without any, 60/30/10")]
    private static Ok<BusinessModel> Project(HttpRequest request)
    {
        var query = request.Query;
        string[] names = ["creator", "pro", "studio"];
        if (!names.Any(query.ContainsKey))
            return TypedResults.Ok(BusinessModel.Of(60, 30, 10));
        var errors = new Dictionary<string, string[]>();
        var numbers = names.Select(name => Read(query, name, errors)).ToArray();
        return errors.Count > 0 ? throw Problem.Invalid(errors) : TypedResults.Ok(BusinessModel.Of(numbers[0], numbers[1], numbers[2]));
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
