using System.Globalization;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Rate limits for everything under <c>/api</c>.</summary>
internal static class RateLimitExtensions
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services) =>
        services.AddSingleton<RateLimiter>().AddSingleton<RateLimitRules>();

    /// <summary>Goes behind authentication: a signed-in caller is counted by user, everyone else by address.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.RequestServices.GetRequiredService<RateLimitRules>().Of(http) is { } rule)
            await http.CountAsync(rule);
        await next(http);
    });

    /// <summary>Counts this request, tells the caller in the headers, and ends it with 429 when it is one too many.</summary>
    public static async Task CountAsync(this HttpContext http, (RateLimit Limit, string Caller) rule)
    {
        var decision = await http.RequestServices.GetRequiredService<RateLimiter>().CountAsync(rule.Limit, rule.Caller);
        // Where two limits were asked, the last one is told: it is the narrower that the caller is known by.
        if (http.Features.Get<Counted>() is null)
            http.Response.OnStarting(() => Tell(http.Response.Headers, http.Features.Get<Counted>()!));
        http.Features.Set(new Counted(rule.Limit, decision));
        if (!decision.Allowed)
            throw Problem.Of(429, "rate-limited", "Too many requests; wait as Retry-After says.", decision.RetryAfter);
    }

    /// <summary>The fields of draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651).</summary>
    private static Task Tell(IHeaderDictionary headers, Counted counted)
    {
        var (limit, decision) = counted;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.PerMinute};w={RateLimit.Window.TotalSeconds:0}");
        var seconds = Math.Ceiling((decision.Allowed ? decision.Reset : decision.RetryAfter).TotalSeconds);
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={decision.Remaining};t={seconds:0}");
        return Task.CompletedTask;
    }

    private sealed record Counted(RateLimit Limit, RateDecision Decision);
}
