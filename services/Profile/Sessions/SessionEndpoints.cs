using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Signing in, staying signed in, signing out.</summary>
internal static class SessionEndpoints
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RefreshTokens>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<LoginThrottle>();
        builder.Services.AddScoped<PasswordLogin>();
        builder.Services.AddHostedService<SessionCleanup>();
    }

    public static void MapSessions(this WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");
        auth.MapPost("/login", LoginAsync)
            .WithName("Login").WithSummary("Sign in with e-mail address or username")
            .WithDescription(
                """
                401 `invalid-credentials` is the same answer, after the same work, for an unknown account and a wrong password. After five failures
                on an account (fifty from an address) each further one costs a wait of 1, 2, 4 … 60 seconds, told by 429 `too-many-attempts`
                with `Retry-After`. The refresh token is also set as a cookie (httpOnly, SameSite=Strict, path /api/auth).
                """)
            .Produces<SignedIn>().ProducesValidationProblem().Refuses(401, 429);
        auth.MapPost("/refresh", RefreshAsync).Accepts<RefreshRequest>(isOptional: true, "application/json")
            .WithName("Refresh").WithSummary("Exchange a refresh token for the next pair")
            .WithDescription(
                """
                Takes the token from the body, or from the cookie when the body has none (then the successor comes as a cookie only). A token is
                spent by its use. Spent less than 10 seconds ago it returns the same successor again; an older one signs its whole family out.
                A sign-in lasts 30 days from its last refresh. 401 `invalid-refresh-token`: sign in again.
                """)
            .Produces<Refreshed>().Refuses(400, 401);
        auth.MapPost("/logout", LogoutAsync).Accepts<RefreshRequest>(isOptional: true, "application/json")
            .WithName("Logout").WithSummary("Sign out")
            .WithDescription("Ends the session of the refresh token in the body, else of the access token, else of the cookie. Doing it again does no harm.")
            .Produces(204).Refuses(400, 401);
    }

    private static async Task<IResult> LoginAsync(Body<LoginRequest> body, [FromServices] PasswordLogin login, [FromServices] SignIn signIn, HttpContext http)
    {
        var request = await body.ReadAsync();
        var (account, session) = await login.SignInAsync(request, CallerAddress.Of(http), http.RequestAborted);
        return TypedResults.Ok(signIn.First(http, account, session));
    }

    private static async Task<IResult> RefreshAsync(
        [FromServices] SessionStore sessions, [FromServices] RefreshTokens tokens, [FromServices] SignIn signIn, HttpContext http)
    {
        var presented = await PresentedToken.ReadAsync(http);
        if (presented.Token is { } text && tokens.Read(text) is { } token
            && await sessions.SpendAsync(token.Family, token.Number, http.RequestAborted) is { } spent)
            return TypedResults.Ok(signIn.Next(http, spent, token.Family, token.Number, presented.ByCookie));
        if (presented.ByCookie)
            RefreshCookie.Clear(http);
        throw Problem.Of(401, "invalid-refresh-token", "This refresh token is spent, expired or unknown; sign in again.");
    }

    private static async Task<IResult> LogoutAsync(
        [FromServices] SessionStore sessions, [FromServices] RefreshTokens tokens, ClaimsPrincipal user, HttpContext http)
    {
        var presented = await PresentedToken.ReadAsync(http);
        var named = presented.Token is { } text ? tokens.Read(text)?.Family : null;
        var own = Guid.TryParse(user.FindFirstValue(AccessTokens.SessionClaim), out var session) ? session : (Guid?)null;
        if (presented.Token is null && own is null)
            throw Problem.Of(401, "unauthorized", "Send the access token or the refresh token of the session to end.");
        RefreshCookie.Clear(http);
        if ((presented.ByCookie ? own ?? named : named ?? own) is { } family)
            await sessions.RevokeAsync(family, http.RequestAborted);
        return TypedResults.NoContent();
    }

    /// <summary>The refresh token of a request, and whether it came as the cookie.</summary>
    private readonly record struct PresentedToken(string? Token, bool ByCookie)
    {
        public static async Task<PresentedToken> ReadAsync(HttpContext http)
        {
            if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
            {
                var body = await (await Body<RefreshRequest>.BindAsync(http))!.ReadAsync();
                if (body.RefreshToken is { } token)
                    return new PresentedToken(token, ByCookie: false);
            }

            return new PresentedToken(RefreshCookie.Read(http), ByCookie: true);
        }
    }
}
