using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Stealth.Secrets;

/// <summary>Encrypts secrets at rest: AES-256-GCM under the master key, bound to the row they belong to.</summary>
/// <remarks>
/// A box is <c>version (1) | nonce (12) | tag (16) | ciphertext</c>. The row's id is authenticated with it, so that a box copied to
/// another row does not open. Nonces are random: with 96 bits, a master key is good for 2³² secrets (NIST SP 800-38D, 8.3).
/// </remarks>
internal sealed class SecretBox : IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;
    private readonly AesGcm _aes;

    /// <param name="masterKey">32 bytes.</param>
    public SecretBox(ReadOnlySpan<byte> masterKey) => _aes = new AesGcm(masterKey, TagBytes);

    /// <summary>Seals <paramref name="secret"/> for the row <paramref name="owner"/>.</summary>
    public byte[] Seal(string secret, Guid owner)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[HeaderBytes + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _aes.Encrypt(nonce, plain, box.AsSpan(HeaderBytes), box.AsSpan(1 + NonceBytes, TagBytes), owner.ToByteArray());
        CryptographicOperations.ZeroMemory(plain);
        return box;
    }

    /// <summary>Opens a box of the row <paramref name="owner"/>.</summary>
    /// <exception cref="CryptographicException">Another key, another row, or a changed box.</exception>
    public string Open(ReadOnlySpan<byte> box, Guid owner)
    {
        if (box.Length < HeaderBytes || box[0] != Version)
            throw new CryptographicException("This is not a sealed secret.");
        var plain = new byte[box.Length - HeaderBytes];
        _aes.Decrypt(box.Slice(1, NonceBytes), box[HeaderBytes..], box.Slice(1 + NonceBytes, TagBytes), plain, owner.ToByteArray());
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>What an operator may see of a secret: its last four characters, and of a short one nothing.</summary>
    public static string Mask(string secret) => secret.Length >= 16 ? $"••••{secret[^4..]}" : "••••";

    public void Dispose() => _aes.Dispose();
}

internal static class SecretBoxExtensions
{
    private const int KeyBytes = 32;

    /// <summary>Registers the box under <c>Stealth:MasterKey</c> (base64, 32 bytes); without one the service does not start.</summary>
    public static void AddSecretBox(this WebApplicationBuilder builder)
    {
        var key = new byte[KeyBytes];
        if (!Convert.TryFromBase64String(builder.Configuration["Stealth:MasterKey"] ?? "", key, out var written) || written != KeyBytes)
            throw new InvalidOperationException("Stealth:MasterKey must be 32 bytes in base64: the secrets of accounts and proxies are encrypted with it.");
        builder.Services.AddSingleton(new SecretBox(key));
    }
}
