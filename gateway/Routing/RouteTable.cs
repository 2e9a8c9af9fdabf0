namespace Son1kVers3.Gateway.Routing;

/// <summary>One line of the public surface: what is under <paramref name="Path"/> belongs to <paramref name="Service"/>.</summary>
/// <param name="Path">Starts with a slash, without a trailing one.</param>
/// <param name="Service">The service's name, as in <c>services:{name}:http:0</c>.</param>
/// <param name="Subtree">Also everything below the path; else the path alone.</param>
internal sealed record PublicRoute(string Path, string Service, bool Subtree = true)
{
    /// <summary>Whether a request of this path goes this way. Case is ignored, as in routing.</summary>
    public bool Covers(PathString path) => Subtree
        ? path.StartsWithSegments(Path)
        : path.Equals(Path, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The whole public surface. What is not here can't be reached from outside; no service's <c>/internal</c> ever is.</summary>
internal static class RouteTable
{
    /// <summary>A longer path wins over a shorter one, so that a part of a tree can go to another service.</summary>
    public static readonly IReadOnlyList<PublicRoute> Routes =
    [
        new("/api/auth", "profile"),
        new("/.well-known/jwks.json", "profile", Subtree: false),
        new("/api/profiles", "profile"),
        new("/api/wall", "profile"),
        new("/api/collections", "profile"),
        new("/api/notifications", "profile"),
        new("/api/search", "profile"),
        new("/api/alvae", "profile"),
        new("/api/tiers", "billing"),
        new("/api/admin", "billing"),
        new("/api/community", "pool"),
        new("/api/stealth", "stealth"),
        new("/api/generations", "generation"),
        new("/api/voice-memos", "generation"),
        new("/api/genres", "generation"),
        new("/api/providers", "generation"),
    ];

    /// <summary>Every service that is behind the gateway.</summary>
    public static readonly IReadOnlyList<string> Services = [.. Routes.Select(route => route.Service).Distinct()];

    /// <summary>Only operators get in here, also where there is nothing.</summary>
    private static readonly string[] OperatorPaths = ["/api/admin", "/api/stealth"];

    /// <summary>The service that answers a path, or null.</summary>
    public static string? ServiceOf(PathString path) =>
        Routes.Where(route => route.Covers(path)).MaxBy(route => route.Path.Length)?.Service;

    /// <summary>Whether a path needs the role <c>operator</c>.</summary>
    public static bool IsForOperators(PathString path) => OperatorPaths.Any(prefix => path.StartsWithSegments(prefix));
}
