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
        builder.Services.AddSingleton<TokenKey>();
        builder.Services.AddSingleton<ISigningKeys>(services => services.GetRequiredService<TokenKey>());
        builder.Services.AddSingleton<AccessTokens>();
    }

    public static void MapTokens(this WebApplication app)
    {
        // Taken here so that an unusable secret stops the start, not the first request.
        var keys = new PublicKeySet([app.Services.GetRequiredService<TokenKey>().Public]);
        app.MapGet("/.well-known/jwks.json", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "public, max-age=300";
            return TypedResults.Ok(keys);
        })
            .WithName("GetSigningKeys").WithTags("Sign-in").WithSummary("The public keys of access tokens")
            .WithDescription("A JSON Web Key Set (RFC 7517). Tokens are JWTs signed with ES256; `kid` is the key's RFC 7638 thumbprint.");
    }
}
