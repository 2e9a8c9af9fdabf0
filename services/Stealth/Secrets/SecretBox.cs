using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Stealth.Secrets;

/// <summary>Envelope encryption of secrets at rest: each has a data key of its own (AES-256-GCM), which is wrapped by a master key.</summary>
/// <remarks>
/// A box is <c>version (2) | master key id (4) | nonce (12), tag (16), wrapped data key (32) | nonce (12), tag (16), ciphertext</c>.
/// The row's id is authenticated in both layers, so that a box copied to another row does not open. A new master key only changes the
/// first layer. Version 1 was the secret directly under the master key; it still opens.
/// </remarks>
internal sealed class SecretBox(MasterKeys keys)
{
    internal const int TagBytes = 16;
    private const byte Version = 2;
    private const byte DirectVersion = 1;
    private const int NonceBytes = 12;
    private const int DataKeyBytes = 32;
    private const int Overhead = NonceBytes + TagBytes;
    private const int KeyAt = 1 + sizeof(uint);
    private const int TextAt = KeyAt + Overhead + DataKeyBytes;

    /// <summary>Seals <paramref name="secret"/> for the row <paramref name="owner"/>.</summary>
    public byte[] Seal(string secret, Guid owner)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var dataKey = RandomNumberGenerator.GetBytes(DataKeyBytes);
        var box = new byte[TextAt + Overhead + plain.Length];
        WrapKey(box, dataKey, owner);
        using (var aes = new AesGcm(dataKey, TagBytes))
            Encrypt(aes, plain, box.AsSpan(TextAt), owner);
        CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(dataKey);
        return box;
    }

    /// <summary>Opens a box of the row <paramref name="owner"/>.</summary>
    /// <exception cref="CryptographicException">Another key, another row, or a changed box.</exception>
    public string Open(ReadOnlySpan<byte> box, Guid owner)
    {
        if (box.Length >= 1 + Overhead && box[0] == DirectVersion)
            return OpenDirect(box[1..], owner);
        using var aes = new AesGcm(UnwrapKey(box, owner), TagBytes);
        return Encoding.UTF8.GetString(Decrypt(aes, box[TextAt..], owner));
    }

    /// <summary>Whether the box is under the current master key, in the current form.</summary>
    public bool IsCurrent(ReadOnlySpan<byte> box) =>
        box.Length > KeyAt && box[0] == Version && BinaryPrimitives.ReadUInt32BigEndian(box[1..]) == keys.CurrentId;

    /// <summary>The same secret under the current master key; its text is not opened, unless the box is of the first version.</summary>
    public byte[] Rewrap(ReadOnlySpan<byte> box, Guid owner)
    {
        if (box[0] == DirectVersion)
            return Seal(Open(box, owner), owner);
        var renewed = box.ToArray();
        WrapKey(renewed, UnwrapKey(box, owner), owner);
        return renewed;
    }

    /// <summary>What an operator may see of a secret: its last four characters, and of a short one nothing.</summary>
    public static string Mask(string secret) => secret.Length >= 16 ? $"••••{secret[^4..]}" : "••••";

    private void WrapKey(Span<byte> box, byte[] dataKey, Guid owner)
    {
        box[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(box[1..], keys.CurrentId);
        using var aes = keys.Open(keys.CurrentId);
        Encrypt(aes, dataKey, box[KeyAt..TextAt], owner);
    }

    private byte[] UnwrapKey(ReadOnlySpan<byte> box, Guid owner)
    {
        if (box.Length < TextAt + Overhead || box[0] != Version)
            throw new CryptographicException("This is not a sealed secret.");
        using var aes = keys.Open(BinaryPrimitives.ReadUInt32BigEndian(box[1..]));
        return Decrypt(aes, box[KeyAt..TextAt], owner);
    }

    private string OpenDirect(ReadOnlySpan<byte> sealedText, Guid owner)
    {
        foreach (var id in keys.Ids)
        {
            try
            {
                using var aes = keys.Open(id);
                return Encoding.UTF8.GetString(Decrypt(aes, sealedText, owner));
            }
            catch (AuthenticationTagMismatchException)
            {
                // Under another of the keys, then: boxes of this version don't say which.
                continue;
            }
        }

        throw new CryptographicException("No configured master key opens this secret.");
    }

    private static void Encrypt(AesGcm aes, ReadOnlySpan<byte> plain, Span<byte> target, Guid owner)
    {
        var nonce = target[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        aes.Encrypt(nonce, plain, target.Slice(Overhead, plain.Length), target.Slice(NonceBytes, TagBytes), owner.ToByteArray());
    }

    private static byte[] Decrypt(AesGcm aes, ReadOnlySpan<byte> source, Guid owner)
    {
        var plain = new byte[source.Length - Overhead];
        aes.Decrypt(source[..NonceBytes], source[Overhead..], source.Slice(NonceBytes, TagBytes), plain, owner.ToByteArray());
        return plain;
    }
}

internal static class SecretBoxExtensions
{
    /// <summary>Registers the box under <c>Stealth:MasterKey</c>; without one the service does not start.</summary>
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
        var previous = builder.Configuration.GetSection("Stealth:PreviousMasterKeys").Get<string[]>()
            ?? builder.Configuration["Stealth:PreviousMasterKeys"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        builder.Services.AddSingleton(_ => new MasterKeys(builder.Configuration["Stealth:MasterKey"], previous));
        builder.Services.AddSingleton<SecretBox>();
    }
}
