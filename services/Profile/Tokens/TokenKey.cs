using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Son1kVers3.Profile.Tokens;

/// <summary>An ES256 key pair that access tokens are signed with, the same in every replica that has the same secret.</summary>
/// <remarks>
/// The private scalar is derived as FIPS 186-5 A.2.1 makes one from random bits: 64 bits or more beyond the length of the group's order
/// (here 384 in all), taken modulo n − 1, plus 1. The surplus makes the bias of the modulus negligible.
/// </remarks>
internal sealed class TokenKey : IDisposable
{
    private const string Purpose = "son1kvers3/access-token/es256/";
    private const int DerivedBytes = 48;

    // Order of P-256, SEC 2 section 2.4.2.
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    private readonly ECDsa _key;

    /// <param name="secret">What it is derived from.</param>
    /// <param name="number">Which of the secret's keys: they follow each other in time.</param>
    public TokenKey(SigningSecret secret, long number)
    {
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Scalar(secret.Derive($"{Purpose}{number}", DerivedBytes)) });
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var id = Thumbprint(x, y);
        Public = new PublicKey("EC", "P-256", x, y, "sig", "ES256", id);
        // A factory of its own: the shared one keeps providers by key id, and would use this key for another instance after it was disposed.
        var signing = new ECDsaSecurityKey(_key) { KeyId = id, CryptoProviderFactory = new CryptoProviderFactory() };
        Credentials = new SigningCredentials(signing, SecurityAlgorithms.EcdsaSha256);
    }

    public SigningCredentials Credentials { get; }

    public PublicKey Public { get; }

    public void Dispose() => _key.Dispose();

    /// <summary>A scalar in [1, n−1], 32 bytes, big endian.</summary>
    internal static byte[] Scalar(ReadOnlySpan<byte> bits)
    {
        var scalar = (new BigInteger(bits, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var bytes = new byte[32];
        var digits = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return bytes;
    }

    /// <summary>RFC 7638: SHA-256 of the key's required members in lexicographic order without white space.</summary>
    internal static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
}

/// <summary>A public key as RFC 7517 writes it.</summary>
internal sealed record PublicKey(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);

/// <summary>A set of public keys as RFC 7517 writes it.</summary>
internal sealed record PublicKeySet(IReadOnlyList<PublicKey> Keys);
