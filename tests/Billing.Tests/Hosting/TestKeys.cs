using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Billing.Tests.Hosting;

/// <summary>Signs the tokens of tests, in place of profile.</summary>
public sealed class TestKeys : ISigningKeys
{
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public IReadOnlyCollection<SecurityKey> Current => [_key];

    public string Token(Guid userId, DateTimeOffset now, params string[] roles) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = AuthExtensions.Issuer,
        Audience = AuthExtensions.Issuer,
        IssuedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime,
        Expires = now.UtcDateTime.AddMinutes(15),
        Claims = new Dictionary<string, object> { ["sub"] = userId.ToString(), ["roles"] = roles },
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
    });
}
