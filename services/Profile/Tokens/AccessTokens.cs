using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Profile.Tokens;

/// <summary>Issues access tokens: JWT, ES256, with user id and roles and nothing that can change meanwhile.</summary>
internal sealed class AccessTokens(TokenKeys keys, TimeProvider clock)
{
    /// <summary>The claim of the session that a token was issued in.</summary>
    public const string SessionClaim = "sid";

    /// <summary>The claim of the API key that a token was exchanged for.</summary>
    public const string ApiKeyClaim = "api_key";

    /// <summary>How long a member's token is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long the token that stands for an API key is good: the gateway keeps it for a minute at most.</summary>
    public static readonly TimeSpan ApiKeyLifetime = TimeSpan.FromMinutes(2);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token of someone who signed in.</summary>
    public AccessToken ForSession(Guid account, Guid session, IReadOnlyList<string> roles) =>
        Issue(account, roles, Lifetime, new() { [SessionClaim] = session.ToString() });

    /// <summary>A token for a request with an API key. It is a member's, whatever else its owner is: a key never operates the platform.</summary>
    public AccessToken ForApiKey(Guid account, Guid apiKey, string scopes) =>
        Issue(account, [Roles.Member], ApiKeyLifetime, new() { [ApiKeyClaim] = apiKey.ToString(), [Scopes.Claim] = scopes });

    private AccessToken Issue(Guid account, IReadOnlyList<string> roles, TimeSpan lifetime, Dictionary<string, object> claims)
    {
        var now = clock.GetUtcNow();
        var expires = now + lifetime;
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AuthExtensions.Issuer,
            Audience = AuthExtensions.Issuer,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = keys.Credentials,
            Claims = new Dictionary<string, object>(claims)
            {
                ["sub"] = account.ToString(),
                ["roles"] = roles.ToArray(),
                ["jti"] = Guid.CreateVersion7(now).ToString(),
            },
        });
        return new AccessToken(token, lifetime, expires);
    }
}

/// <summary>An access token and how long it is good.</summary>
internal readonly record struct AccessToken(string Value, TimeSpan Lifetime, DateTimeOffset ExpiresAt)
{
    // A secret: what prints a record must not print it.
    public override string ToString() => $"access token until {ExpiresAt:O}";
}
