using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Verifies a token's signature once, and remembers the result by the token's hash until it expires.</summary>
/// <remarks>A remembered token still ends with its key: when profile no longer publishes that, the token is verified anew, and fails.</remarks>
internal sealed class VerifiedTokens(ISigningKeys keys, TimeProvider clock) : JsonWebTokenHandler
{
    private const int Most = 50_000;
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = Most });

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        // The token itself is a secret, and is not kept.
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_verified.TryGetValue(hash, out TokenValidationResult? known) && IsGood((JsonWebToken)known!.SecurityToken, validationParameters.ClockSkew))
            return known;
        if (CanReadToken(token) && ReadJsonWebToken(token).Kid is { Length: > 0 } kid)
            await keys.LearnAsync(kid);
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            // Made now: it is made at the first look, which later come at the same moment.
            _ = result.ClaimsIdentity;
            _verified.Set(hash, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = result.SecurityToken.ValidTo + validationParameters.ClockSkew });
        }

        return result;
    }

    private bool IsGood(JsonWebToken token, TimeSpan skew) =>
        token.ValidTo > clock.GetUtcNow().UtcDateTime - skew && keys.Current.Any(key => key.KeyId == token.Kid);
}
