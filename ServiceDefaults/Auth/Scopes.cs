using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>What an API key may do. The token that stands for one carries its scopes; a token of a sign-in carries none and may do everything.</summary>
public static class Scopes
{
    /// <summary>The claim that holds them, space-separated (RFC 8693, section 4.2).</summary>
    public const string Claim = "scope";

    /// <summary>GET and HEAD.</summary>
    public const string Read = "read";

    /// <summary>Everything that changes something.</summary>
    public const string Write = "write";

    /// <summary>Every scope there is; none of them operates the platform or changes how a key's owner signs in.</summary>
    public static readonly IReadOnlyList<string> All = [Read, Write];

    /// <summary>403 <c>scope-missing</c> where an API key's scopes do not cover the request. Goes after authentication.</summary>
    public static IApplicationBuilder UseScopes(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var needed = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? Read : Write;
        return http.User.FindFirstValue(Claim) is { } scopes && !scopes.Split(' ').Contains(needed)
            ? throw Problem.Of(403, "scope-missing", $"This API key lacks the scope '{needed}'; use one that was made with it.", members: ("scope", needed))
            : next(http);
    });
}
