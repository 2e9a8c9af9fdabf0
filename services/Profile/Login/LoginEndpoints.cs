using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Entitlements;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Login;

/// <summary>Signing in, staying signed in, signing out.</summary>
internal static class LoginEndpoints
{
    public static void AddLogin(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PasswordCost>().BindConfiguration("Passwords");
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddSingleton<RefreshTokens>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<LoginThrottle>();
        builder.Services.AddScoped<PasswordLogin>();
        builder.Services.AddScoped<PasswordProof>();
        builder.Services.AddHostedService<SessionCleanup>();
    }

    public static void MapLogin(this WebApplication app)
    {
        // Taken here so that a cost too low for production stops the start, and no sign-in pays for the first hash.
        app.Services.GetRequiredService<PasswordHashing>();
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");
        auth.MapPost("/login", LoginAsync).Refuses(401, 429);
        auth.MapPost("/refresh", RefreshAsync).Accepts<RefreshRequest>(isOptional: true, "application/json").Refuses(400, 401, 413, 415);
        auth.MapPost("/logout", LogoutAsync).Accepts<RefreshRequest>(isOptional: true, "application/json").Refuses(400, 401, 413, 415);
        auth.MapGet("/me", MeAsync).RequireAuthorization();
    }

    /// <summary>Answers of sign-in hold tokens: no cache on the way may keep them.</summary>
    public static IApplicationBuilder UseNoStore(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments("/api/auth") || http.Request.Path.StartsWithSegments("/internal"))
            http.Response.OnStarting(() => Task.FromResult(http.Response.Headers.CacheControl = "no-store"));
        return next(http);
    });

    [EndpointName("Login"), EndpointSummary("Sign in with e-mail address or username")]
    [EndpointDescription(
        """
        401 `invalid-credentials` is the same answer, after the same work, for an unknown account and a wrong password. Who has a second factor sends
        `code` too (a recovery code does): 401 `second-factor-required`, `invalid-code`. After five failures on an account (fifty from an address) each
        further one costs a wait of 1, 2, 4 … 60 seconds, told by 429 `too-many-attempts` with `Retry-After`; 429 `sign-in-busy` when very many sign in.
        The refresh token is also set as a cookie (httpOnly, SameSite=Strict, path /api/auth).
        """)]
    private static async Task<Ok<SignedIn>> LoginAsync(
        Body<LoginRequest> body, [FromServices] PasswordLogin login, [FromServices] SignIn signIn, HttpContext http)
    {
        var request = await body.ReadAsync();
        var (account, session) = await login.SignInAsync(request, Device.Of(http), http.RequestAborted);
        return TypedResults.Ok(signIn.First(http, account, session));
    }

    [EndpointName("Refresh"), EndpointSummary("Exchange a refresh token for the next pair")]
    [EndpointDescription(
        """
        Takes the token from the body, or from the cookie when the body has none (then the successor comes as a cookie only). A token is
        spent by its use. Spent less than 10 seconds ago it returns the same successor again; an older one signs its whole family out.
        A sign-in lasts 30 days from its last refresh. 401 `invalid-refresh-token`: sign in again.
        """)]
    private static async Task<Ok<Refreshed>> RefreshAsync(
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

    [EndpointName("Logout"), EndpointSummary("Sign out")]
    [EndpointDescription("Ends the session of the refresh token in the body, else of the access token, else of the cookie. Doing it again does no harm.")]
    private static async Task<NoContent> LogoutAsync(
        [FromServices] SessionStore sessions, [FromServices] RefreshTokens tokens, ClaimsPrincipal user, HttpContext http)
    {
        var presented = await PresentedToken.ReadAsync(http);
        var named = presented.Token is { } text ? tokens.Read(text)?.Family : null;
        var own = user.SessionIdOrNull();
        if (presented.Token is null && own is null)
            throw Problem.Of(401, "unauthorized", "Send the access token or the refresh token of the session to end.");
        RefreshCookie.Clear(http);
        if ((presented.ByCookie ? own ?? named : named ?? own) is { } family)
            await sessions.RevokeAsync(family, http.RequestAborted);
        return TypedResults.NoContent();
    }

    [EndpointName("GetMe"), EndpointSummary("The signed-in account")]
    [EndpointDescription("Account, roles, and the tier as profile knows it (billing has the last word).")]
    private static async Task<Ok<MeDto>> MeAsync(ClaimsPrincipal user, [FromServices] ProfileDb db, CancellationToken cancellationToken)
    {
        var id = user.Id();
        var account = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw AccountQueries.Gone();
        var grant = await db.GrantOfAsync(id, cancellationToken);
        var secondFactor = await db.Set<SecondFactor.Authenticator>().AnyAsync(a => a.AccountId == id && a.ConfirmedAt != null, cancellationToken);
        return TypedResults.Ok(new MeDto(
            account.Id, account.Email, account.EmailVerifiedAt is not null, account.Username, account.DisplayName, account.Roles, account.CreatedAt,
            await db.TierOfAsync(id, cancellationToken), grant is null ? null : AlvaeBadge.Of(grant), secondFactor));
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
