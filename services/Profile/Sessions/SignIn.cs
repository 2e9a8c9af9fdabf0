using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Tokens;

namespace Son1kVers3.Profile.Sessions;

/// <summary>What a client holds after signing in.</summary>
/// <param name="User">Who signed in.</param>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds that the access token is good.</param>
/// <param name="RefreshToken">Gets the next access token, once.</param>
internal sealed record SignedIn(UserDto User, string AccessToken, int ExpiresIn, string RefreshToken);

/// <summary>The next pair of tokens.</summary>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds that the access token is good.</param>
/// <param name="RefreshToken">The successor; null when the token came as a cookie, so that scripts never see it.</param>
internal sealed record Refreshed(string AccessToken, int ExpiresIn, string? RefreshToken);

/// <summary>Hands out the tokens of a session, in the answer and as the cookie.</summary>
internal sealed class SignIn(AccessTokens accessTokens, RefreshTokens refreshTokens)
{
    /// <summary>The first tokens of a new session.</summary>
    public SignedIn First(HttpContext http, Account account, Session session)
    {
        var access = accessTokens.ForSession(account.Id, session.Id, account.Roles);
        var refresh = refreshTokens.Make(session.Id, session.Counter);
        RefreshCookie.Set(http, refresh);
        return new SignedIn(UserDto.Of(account), access.Value, (int)access.Lifetime.TotalSeconds, refresh);
    }

    /// <summary>The successors of token <paramref name="number"/>, the same ones however often they are asked for.</summary>
    public Refreshed Next(HttpContext http, Spent spent, Guid family, int number, bool byCookie)
    {
        var access = accessTokens.ForSession(spent.AccountId, family, Account.RolesOf(spent.IsOperator));
        var refresh = refreshTokens.Make(family, number + 1);
        if (byCookie)
            RefreshCookie.Set(http, refresh);
        return new Refreshed(access.Value, (int)access.Lifetime.TotalSeconds, byCookie ? null : refresh);
    }
}

/// <summary>The refresh token as a browser keeps it: out of reach of scripts, of other sites, and of every path but sign-in's own.</summary>
internal static class RefreshCookie
{
    public const string Name = "son1k_refresh";

    public static string? Read(HttpContext http) => http.Request.Cookies[Name];

    public static void Set(HttpContext http, string token) => http.Response.Cookies.Append(Name, token, Options(http, Session.Lifetime));

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, age: null));

    private static CookieOptions Options(HttpContext http, TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/api/auth",
        MaxAge = age,
        // TLS ends before us; the gateway tells.
        Secure = http.Request.IsHttps || http.Request.Headers["X-Forwarded-Proto"] == "https",
    };
}
