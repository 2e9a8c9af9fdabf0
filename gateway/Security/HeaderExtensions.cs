using Microsoft.AspNetCore.Http.Features;

namespace Son1kVers3.Gateway.Security;

/// <summary>The one inline script of this page may run: the policy of its answer names the nonce.</summary>
internal sealed record ScriptNonce(string Value);

/// <summary>What every answer carries, and what no request brings in from outside.</summary>
internal static class HeaderExtensions
{
    // Inline style attributes and elements are how component libraries place things; scripts only ever come from our own files.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'";

    private const string PermissionsPolicy =
        "microphone=(self), autoplay=(self), camera=(), geolocation=(), payment=(), usb=(), midi=(self), display-capture=()";

    private static readonly PathString[] SecretPaths = ["/api/auth", "/api/media"];
    private static readonly string[] OursAlone = ["X-Stealth-Lease", "X-Original-For", "X-Original-Proto", "X-Original-Host", "Forwarded", "Baggage"];
    private static readonly string[] OursAlonePrefixes = ["X-Internal-", "X-Service-", "X-User-", "X-Egress-"];

    /// <summary>Sets the security headers on every answer, also on errors and on what services answered.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = http.Features.Get<ScriptNonce>() is { } nonce
                ? ContentSecurityPolicy.Replace("script-src 'self'", $"script-src 'self' 'nonce-{nonce.Value}'", StringComparison.Ordinal)
                : ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
            headers["Permissions-Policy"] = PermissionsPolicy;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (http.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>Answers that may hold tokens or signed addresses are kept by no cache, unless the service has said otherwise.</summary>
    public static IApplicationBuilder UseNoStore(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (Array.Exists(SecretPaths, path => http.Request.Path.StartsWithSegments(path)))
        {
            http.Response.OnStarting(() =>
            {
                if (http.Response.Headers.CacheControl.Count == 0)
                    http.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
        }

        return next(http);
    });

    /// <summary>Takes off what only we may set, and the wish to upgrade: there are no web sockets behind this origin.</summary>
    public static IApplicationBuilder UseRequestHeaderHygiene(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Request.Headers;
        List<string>? ours = null;
        foreach (var (name, _) in headers)
        {
            if (IsOursAlone(name))
                (ours ??= []).Add(name);
        }

        ours?.ForEach(name => headers.Remove(name));
        http.Features.Set<IHttpUpgradeFeature>(null);
        http.Features.Set<IHttpExtendedConnectFeature>(null);
        return next(http);
    });

    // The first letter tells most headers of a request apart at once.
    private static bool IsOursAlone(string name) => name is ['X' or 'x' or 'F' or 'f' or 'B' or 'b', ..] && (
        OursAlone.Contains(name, StringComparer.OrdinalIgnoreCase)
        || OursAlonePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
}
