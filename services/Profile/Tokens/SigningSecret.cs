using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Profile.Tokens;

/// <summary>The secret that replicas share, and from which every key of this service follows: <c>Auth:SigningSecret</c>, base64, at least 32 random bytes.</summary>
/// <remarks>
/// To replace it without signing anybody out, the old one stays as <c>Auth:PreviousSigningSecret</c> for a month: what was made with it is still read,
/// nothing is made with it any more.
/// </remarks>
internal sealed class SigningSecret
{
    private const string Setting = "Auth:SigningSecret";
    private const string PreviousSetting = "Auth:PreviousSigningSecret";
    private const int LeastBytes = 32;

    // 32 random bytes never have so few different values (chance below 1e-15); a typed or repeated text may.
    private const int LeastDistinct = 16;

    private readonly byte[] _secret;

    private SigningSecret(byte[] secret, SigningSecret? previous) => (_secret, Previous) = (secret, previous);

    /// <summary>The secret before this one, or null.</summary>
    public SigningSecret? Previous { get; }

    /// <summary>What a developer's machine uses when nothing is configured. Public, and therefore refused in production.</summary>
    internal static string ForDevelopment { get; } = Convert.ToBase64String(SHA256.HashData("son1kvers3 development signing secret"u8));

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">One can't be used; the message tells what to set. It never holds the secret.</exception>
    public static SigningSecret Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var previous = configuration[PreviousSetting] is { } old && !string.IsNullOrWhiteSpace(old)
            ? new SigningSecret(Bytes(PreviousSetting, old, environment), previous: null)
            : null;
        var text = configuration[Setting];
        if (string.IsNullOrWhiteSpace(text))
            text = environment.IsDevelopment() ? ForDevelopment : throw Unusable(Setting, "is missing");
        return new SigningSecret(Bytes(Setting, text, environment), previous);
    }

    /// <summary>Key material for one purpose: HKDF-SHA256 (RFC 5869) with the purpose as its info.</summary>
    public byte[] Derive(string purpose, int bytes) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, bytes, salt: null, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>The same of this secret, and of the previous one where there is one: the first is to make with, all are to read with.</summary>
    public IReadOnlyList<byte[]> DeriveAll(string purpose, int bytes) =>
        Previous is null ? [Derive(purpose, bytes)] : [Derive(purpose, bytes), Previous.Derive(purpose, bytes)];

    private static byte[] Bytes(string setting, string text, IHostEnvironment environment)
    {
        var secret = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), secret, out var length))
            throw Unusable(setting, "is not base64");
        if (length < LeastBytes)
            throw Unusable(setting, $"has {length} bytes");
        if (environment.IsProduction() && text.Trim() == ForDevelopment)
            throw Unusable(setting, "is the development secret, which anyone can read");
        var used = secret[..length];
        if (environment.IsProduction() && used.Distinct().Count() < LeastDistinct)
            throw Unusable(setting, "is not random");
        return used;
    }

    private static InvalidOperationException Unusable(string setting, string fault) => new(
        $"{setting} {fault}. Set it (environment: {setting.Replace(":", "__")}) to at least {LeastBytes} random bytes in base64, for example from: openssl rand -base64 32");
}
