using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Son1kVers3.Contracts;
using Son1kVers3.Gateway.ApiKeys;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Gateway.RateLimits;

/// <summary>Which limit a request counts against, and whose counter it is.</summary>
internal sealed class RateLimitRules
{
    private static readonly PathString Api = "/api";
    private static readonly PathString Webhook = "/api/tiers/webhook";

    /// <summary>What guesses passwords and tokens, or sends mail.</summary>
    private static readonly PathString[] SignIn =
        ["/api/auth/register", "/api/auth/login", "/api/auth/password/reset", "/api/auth/email/verify", "/api/auth/email/resend"];

    private static readonly PathString Generations = "/api/generations";
    private static readonly string[] Media = ["preview", "audio", "waveform", "cover"];

    private readonly RateLimit _user;
    private readonly RateLimit _anonymous;
    private readonly RateLimit _signIn;
    private readonly RateLimit _webhook;
    private readonly RateLimit _media;
    private readonly RateLimit _proKey;
    private readonly RateLimit _studioKey;

    /// <summary><c>RATE_LIMIT_SCALE</c> multiplies every limit.</summary>
    public RateLimitRules(IConfiguration configuration)
    {
        var scale = ScaleOf(configuration["RATE_LIMIT_SCALE"]);
        _user = new RateLimit("user", 600, 100).Times(scale);
        _anonymous = new RateLimit("anonymous", 120).Times(scale);
        _signIn = new RateLimit("sign-in", 20).Times(scale);
        _media = new RateLimit("media", 3000).Times(scale);
        _webhook = new RateLimit("webhook", 1000).Times(scale);
        _proKey = new RateLimit("key-pro", 60).Times(scale);
        _studioKey = new RateLimit("key-studio", 600).Times(scale);
    }

    /// <summary>The limit of a request whose caller is known by now, or null where none applies: outside of <c>/api</c>.</summary>
    public (RateLimit Limit, string Caller)? Of(HttpContext http)
    {
        var path = http.Request.Path;
        if (!path.StartsWithSegments(Api))
            return null;
        if (path.StartsWithSegments(Webhook))
            return (_webhook, AddressOf(http));
        if (SignIn.Any(prefix => path.StartsWithSegments(prefix)) && HttpMethods.IsPost(http.Request.Method))
            return (_signIn, AddressOf(http));
        if (IsMedia(http.Request))
            return (_media, http.User.IdOrNull()?.ToString() ?? AddressOf(http));
        if (http.User.IdOrNull() is not { } user)
            return Anonymous(http);
        return http.Features.Get<ApiKeyGrant>() is { } key
            ? (key.Tier == Tier.Studio ? _studioKey : _proKey, user.ToString())
            : (_user, user.ToString());
    }

    /// <summary>Sound and pictures of a track, plain or signed: a page of cards asks for many of them.</summary>
    internal static bool IsMedia(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Path.StartsWithSegments(Generations, out var rest)
        && rest.Value?.Split('/') is ["", _, var kind] && Media.Contains(kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>The limit of a caller that only has an address.</summary>
    public (RateLimit Limit, string Caller) Anonymous(HttpContext http) => (_anonymous, AddressOf(http));

    /// <summary>An IPv6 caller owns a /64 and could take another address for each request: the network is the caller.</summary>
    internal static string CallerOf(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private static string AddressOf(HttpContext http) => CallerOf(http.Connection.RemoteIpAddress);

    private static double ScaleOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && scale is > 0 and <= 1_000_000
            ? scale
            : throw new InvalidOperationException($"RATE_LIMIT_SCALE must be a number above 0, at most 1000000; it is '{text}'.");
    }
}
