using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Son1kVers3.Testing;

/// <summary>Stands where profile stands for a service under test: serves a JWKS on loopback and signs tokens with its key.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SigningCredentials credentials;
    private readonly TimeProvider clock;

    private TokenIssuer(WebApplication app, SigningCredentials credentials, TimeProvider clock) => (this.app, this.credentials, this.clock) = (app, credentials, clock);

    /// <summary>Where the JWKS is: the value of <c>services:profile:http:0</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Starts it on a free port.</summary>
    /// <param name="clock">By which tokens are issued; the machine's when missing.</param>
    public static async Task<TokenIssuer> StartAsync(TimeProvider? clock = null)
    {
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/.well-known/jwks.json", () => new { keys = new[] { new { jwk.Kty, jwk.Crv, jwk.X, jwk.Y, jwk.Kid, use = "sig", alg = "ES256" } } });
        await app.StartAsync();
        return new TokenIssuer(app, new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256), clock ?? TimeProvider.System);
    }

    /// <summary>An access token as profile makes it.</summary>
    public string Issue(Guid userId, params ReadOnlySpan<string> roles) => Issue(userId, scopes: null, roles);

    /// <summary>A token as profile exchanges it for an API key with these scopes, such as <c>read write</c>.</summary>
    public string IssueForApiKey(Guid userId, string scopes, params ReadOnlySpan<string> roles) => Issue(userId, scopes, roles);

    private string Issue(Guid userId, string? scopes, ReadOnlySpan<string> roles)
    {
        var claims = new ClaimsIdentity([new Claim("sub", userId.ToString()), new Claim("roles", "member")]);
        foreach (var role in roles)
            claims.AddClaim(new Claim("roles", role));
        if (scopes is not null)
            claims.AddClaim(new Claim("scope", scopes));
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "son1kvers3",
            Audience = "son1kvers3",
            Subject = claims,
            SigningCredentials = credentials,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(15),
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
