using System.Security.Claims;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Roles a token can carry. It never carries the tier.</summary>
public static class Roles
{
    /// <summary>Everyone who signed up.</summary>
    public const string Member = "member";

    /// <summary>Sees and steers the platform; also the name of the authorization policy.</summary>
    public const string Operator = "operator";
}

/// <summary>Reads what the token says of the caller.</summary>
public static class CurrentUser
{
    /// <summary>The caller's id. Only behind <c>RequireAuthorization</c>.</summary>
    public static Guid Id(this ClaimsPrincipal user) =>
        user.IdOrNull() ?? throw new InvalidOperationException("This endpoint has no signed-in user; it lacks RequireAuthorization.");

    /// <summary>Whether the caller may operate the platform. An API key never may, whatever else its token says.</summary>
    public static bool IsOperator(this ClaimsPrincipal user) => user.IsInRole(Roles.Operator) && !user.HasClaim(claim => claim.Type == Scopes.Claim);

    /// <summary>The caller's id, or null when anonymous.</summary>
    public static Guid? IdOrNull(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue("sub"), out var id) ? id : null;
}
