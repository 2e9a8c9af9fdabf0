using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Profile.Tokens;

/// <summary>The public side of the signing key.</summary>
internal static class TokenEndpoints
{
    /// <summary>Goes before <c>AddServiceDefaults</c>: this service checks tokens with its own key instead of asking itself for it.</summary>
    public static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => SigningSecret.Read(
            services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>()));
        builder.Services.AddSingleton<TokenKeys>();
        builder.Services.AddSingleton<ISigningKeys>(services => services.GetRequiredService<TokenKeys>());
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<SecretBox>();
    }

    public static void MapTokens(this WebApplication app)
    {
        // Taken here so that an unusable secret stops the start, not the first request.
        app.Services.GetRequiredService<TokenKeys>();
        app.MapGet("/.well-known/jwks.json", GetKeys).WithTags("Sign-in");
    }

    [EndpointName("GetSigningKeys"), EndpointSummary("The public keys of access tokens")]
    [EndpointDescription(
        """
        A JSON Web Key Set (RFC 7517). Tokens are JWTs signed with ES256; `kid` is the key's RFC 7638 thumbprint. The key changes every 30 days; the set
        holds the one before, the present one and the next, so that no cache misses a change.
        """)]
    private static Ok<PublicKeySet> GetKeys([FromServices] TokenKeys keys, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(keys.Public);
    }
}
