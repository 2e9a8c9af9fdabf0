using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Profile.Tokens;

/// <summary>The secret that replicas share, and from which every key of this service follows: <c>Auth:SigningSecret</c>, base64, at least 32 random bytes.</summary>
internal sealed class SigningSecret
{
    private const string Setting = "Auth:SigningSecret";
    private const int LeastBytes = 32;

    // 32 random bytes never have so few different values (chance below 1e-15); a typed or repeated text may.
    private const int LeastDistinct = 16;

    private readonly byte[] _secret;

    private SigningSecret(byte[] secret) => _secret = secret;

    /// <summary>What a developer's machine uses when nothing is configured. Public, and therefore refused in production.</summary>
    internal static string ForDevelopment { get; } = Convert.ToBase64String(SHA256.HashData("son1kvers3 development signing secret"u8));

    /// <summary>Reads the setting.</summary>
    /// <exception cref="InvalidOperationException">It can't be used; the message tells what to set. It never holds the secret.</exception>
    public static SigningSecret Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var text = configuration[Setting];
        if (string.IsNullOrWhiteSpace(text))
        {
            text = environment.IsDevelopment()
                ? ForDevelopment
                : throw Unusable("is missing");
        }

        var secret = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), secret, out var length))
            throw Unusable("is not base64");
        if (length < LeastBytes)
            throw Unusable($"has {length} bytes");
        if (environment.IsProduction() && text.Trim() == ForDevelopment)
            throw Unusable("is the development secret, which anyone can read");
        var used = secret[..length];
        if (environment.IsProduction() && used.Distinct().Count() < LeastDistinct)
            throw Unusable("is not random");
        return new SigningSecret(used);
    }

    /// <summary>Key material for one purpose: HKDF-SHA256 (RFC 5869) with the purpose as its info.</summary>
    public byte[] Derive(string purpose, int bytes) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, bytes, salt: null, info: Encoding.UTF8.GetBytes(purpose));

    private static InvalidOperationException Unusable(string fault) => new(
        $"{Setting} {fault}. Set it (environment: Auth__SigningSecret) to at least {LeastBytes} random bytes in base64, for example from: openssl rand -base64 32");
}
