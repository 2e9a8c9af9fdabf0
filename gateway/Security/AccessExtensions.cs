using Microsoft.AspNetCore.Authentication;
using Son1kVers3.Gateway.Routing;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.Security;

/// <summary>Tokens are checked here once, so that a bad one costs no service anything. The services check again.</summary>
internal static class AccessExtensions
{
    private static readonly TimeSpan KeysRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Here a caller gets a new token or gives the session up, often with a worn-out one attached: it is dropped, not refused.</summary>
    private static readonly PathString[] SignInPaths = ["/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout"];

    /// <summary>401 for a bearer token that is not valid (any more).</summary>
    public static IApplicationBuilder UseTokenCheck(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        // A failure leaves no trace in the features; asking again is answered from the first time.
        if (http.User.Identity?.IsAuthenticated == true || (await http.AuthenticateAsync()).Failure is null)
        {
            await next(http);
        }
        else if (SignInPaths.Any(path => http.Request.Path.StartsWithSegments(path)))
        {
            http.Request.Headers.Authorization = default;
            await next(http);
        }
        else if (http.RequestServices.GetRequiredService<ISigningKeys>().Current.Count == 0)
        {
            throw Problem.Unavailable("Tokens cannot be checked just now; try again in a moment.", KeysRetryAfter);
        }
        else
        {
            await http.ChallengeAsync();
        }
    });

    /// <summary>401 and 403 for the operators' part, before anyone looks whether the route exists.</summary>
    public static IApplicationBuilder UseOperatorCheck(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (!RouteTable.IsForOperators(http.Request.Path) || http.User.IsOperator())
            return next(http);
        return http.User.Identity?.IsAuthenticated == true ? http.ForbidAsync() : http.ChallengeAsync();
    });
}
