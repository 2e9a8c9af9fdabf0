using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.Stealth.Accounts;
using Son1kVers3.Stealth.Data;

namespace Son1kVers3.Stealth.Health;

/// <summary>How the capacity at the providers stands.</summary>
/// <param name="Status"><c>healthy</c> while one account per configured provider is available, else <c>unhealthy</c>.</param>
internal sealed record StealthHealth(string Status, IReadOnlyList<ProviderHealth> Providers);

/// <param name="Available">Accounts that are healthy or degraded.</param>
internal sealed record ProviderHealth(string Name, string Status, int Accounts, int Available);

internal static class StealthHealthEndpoint
{
    public static void MapStealthHealth(this IEndpointRouteBuilder app) => app.MapGet("/api/stealth/health", GetAsync)
        .RequireAuthorization(Roles.Operator).WithTags("Stealth: health")
        .WithSummary("Health of the accounts, per provider");

    private static async Task<Ok<StealthHealth>> GetAsync(StealthDb db, CancellationToken cancellationToken)
    {
        var providers = await db.Set<Account>().GroupBy(a => a.Provider).OrderBy(g => g.Key)
            .Select(g => new { g.Key, Accounts = g.Count(), Available = g.Count(a => a.Status == HealthStatus.Healthy || a.Status == HealthStatus.Degraded) })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new StealthHealth(
            Word(providers.All(p => p.Available > 0)),
            [.. providers.Select(p => new ProviderHealth(p.Key, Word(p.Available > 0), p.Accounts, p.Available))]));
    }

    private static string Word(bool healthy) => healthy ? "healthy" : "unhealthy";
}
