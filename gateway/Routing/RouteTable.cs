namespace Son1kVers3.Gateway.Routing;

/// <summary>One line of the public surface: what is under <paramref name="Path"/> belongs to <paramref name="Service"/>.</summary>
/// <param name="Path">Starts with a slash, without a trailing one; <c>{…}</c> stands for any one segment.</param>
/// <param name="Service">The service's name, as in <c>services:{name}:http:0</c>.</param>
/// <param name="Subtree">Also everything below the path; else the path alone.</param>
internal sealed record PublicRoute(string Path, string Service, bool Subtree = true)
{
    private readonly string[] _segments = Path[1..].Split('/');

    /// <summary>How many segments the path has: of two routes that cover an address the deeper one wins.</summary>
    public int Depth => _segments.Length;

    /// <summary>Whether a request of this path goes this way. Case is ignored, as in routing.</summary>
    public bool Covers(PathString path)
    {
        var asked = (path.Value ?? "").TrimEnd('/').Split('/').AsSpan(1);
        if (asked.Length < Depth || (!Subtree && asked.Length > Depth))
            return false;
        for (var i = 0; i < Depth; i++)
        {
            if (_segments[i][0] == '{' ? asked[i].Length == 0 : !_segments[i].Equals(asked[i], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}

/// <summary>The whole public surface. What is not here can't be reached from outside; no service's <c>/internal</c> ever is.</summary>
internal static class RouteTable
{
    /// <summary>A deeper path wins over a shorter one, so that a part of a tree can go to another service.</summary>
    public static readonly IReadOnlyList<PublicRoute> Routes =
    [
        new("/.well-known/jwks.json", "profile", Subtree: false),
        new("/api/auth", "profile"),
        new("/api/profiles", "profile"),
        new("/api/feed", "profile"),
        new("/api/likes", "profile"),
        new("/api/wall", "profile"),
        new("/api/collections", "profile"),
        new("/api/challenges", "profile"),
        new("/api/reports", "profile"),
        new("/api/notifications", "profile"),
        new("/api/search", "profile"),
        new("/api/analytics", "profile"),
        new("/api/alvae", "profile"),
        new("/api/admin/reports", "profile"),
        new("/api/admin/errors", "profile"),
        new("/api/admin/users", "profile"),
        new("/api/admin/challenges", "profile"),
        new("/api/admin/analytics", "profile"),

        new("/api/tiers", "billing"),
        new("/api/admin/dashboard", "billing"),
        new("/api/admin/ledger", "billing"),
        new("/api/admin/stripe", "billing"),
        new("/api/admin/users/{id}/ledger", "billing"),
        new("/api/admin/users/{id}/limits", "billing"),
        new("/api/admin/users/{id}/grants", "billing"),
        new("/api/admin/users/{id}/revocations", "billing"),
        new("/api/admin/users/{id}/comp", "billing"),
        new("/api/admin/users/{id}/audit", "billing"),

        new("/api/community", "pool"),
        new("/api/wall/{id}/like", "pool"),
        new("/api/admin/pool", "pool"),

        new("/api/stealth", "stealth"),

        new("/api/generations", "generation"),
        new("/api/media", "generation"),
        new("/api/downloads", "generation"),
        new("/api/voice-memos", "generation"),
        new("/api/genres", "generation"),
        new("/api/providers", "generation"),
    ];

    /// <summary>Every service that is behind the gateway.</summary>
    public static readonly IReadOnlyList<string> Services = [.. Routes.Select(route => route.Service).Distinct()];

    /// <summary>Only operators get in here, also where there is nothing.</summary>
    private static readonly PathString[] OperatorPaths = ["/api/admin", "/api/stealth"];

    /// <summary>The service that answers a path, or null.</summary>
    public static string? ServiceOf(PathString path) =>
        Routes.Where(route => route.Covers(path)).MaxBy(route => route.Depth)?.Service;

    /// <summary>Whether a path needs the role <c>operator</c>.</summary>
    public static bool IsForOperators(PathString path) => Array.Exists(OperatorPaths, prefix => path.StartsWithSegments(prefix));
}
