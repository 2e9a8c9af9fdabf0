using Son1kVers3.Gateway.RateLimits;
using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary><c>X-Api-Key</c>: services never see it, only the token that it was exchanged for.</summary>
internal static class ApiKeyExtensions
{
    private const string Header = "X-Api-Key";
    private const int LongestKey = 256;

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        // An exchange has no effect, so the next replica may be asked again.
        services.AddServiceReads(ApiKeyExchangeClient.ClientName, repeatsWrites: true);
        services.AddSingleton<ApiKeyExchangeClient>().AddSingleton<ApiKeyCache>().AddHostedService<ApiKeyRevocationListener>();
        return services;
    }

    /// <summary>Goes before authentication. A bearer token beside the key wins.</summary>
    public static IApplicationBuilder UseApiKeys(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var headers = http.Request.Headers;
        if (headers.TryGetValue(Header, out var values))
        {
            headers.Remove(Header);
            if (headers.Authorization.Count == 0 && http.Request.Path.StartsWithSegments("/api"))
            {
                var grant = await GrantAsync(http, values.ToString());
                headers.Authorization = $"Bearer {grant.AccessToken}";
                http.Features.Set(grant);
            }
        }

        await next(http);
    });

    private static async Task<ApiKeyGrant> GrantAsync(HttpContext http, string key)
    {
        var cache = http.RequestServices.GetRequiredService<ApiKeyCache>();
        if (cache.Find(key) is { } known)
            return known;

        // An unknown key costs an exchange: who tries many is slowed down like anyone without a name.
        await http.CountAsync(http.RequestServices.GetRequiredService<RateLimitRules>().Anonymous(http));
        var grant = key.Length is > 0 and <= LongestKey ? await cache.ExchangeAsync(key, http.RequestAborted) : null;
        return grant ?? throw Problem.Of(401, "invalid-api-key", "This API key is not valid, or its owner's tier has none.");
    }
}
