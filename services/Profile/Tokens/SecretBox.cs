using System.Security.Cryptography;

namespace Son1kVers3.Profile.Tokens;

/// <summary>Keeps small secrets of members encrypted in the database: AES-256-GCM, bound to their owner, so that a row can't be moved to another account.</summary>
internal sealed class SecretBox(SigningSecret secret)
{
    private const string Purpose = "son1kvers3/secret-box/1";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly IReadOnlyList<byte[]> _keys = secret.DeriveAll(Purpose, KeyBytes);

    public byte[] Seal(Guid owner, ReadOnlySpan<byte> plain)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        var tag = box.AsSpan(NonceBytes, TagBytes);
        var cipher = box.AsSpan(NonceBytes + TagBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[0], TagBytes);
        aes.Encrypt(nonce, plain, cipher, tag, owner.ToByteArray(bigEndian: true));
        return box;
    }

    /// <summary>What was sealed for this owner.</summary>
    /// <exception cref="CryptographicException">It was sealed for another one, under another secret, or was changed.</exception>
    public byte[] Open(Guid owner, ReadOnlySpan<byte> box)
    {
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        for (var i = 0; ; i++)
        {
            try
            {
                using var aes = new AesGcm(_keys[i], TagBytes);
                aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box[NonceBytes..(NonceBytes + TagBytes)], plain, owner.ToByteArray(bigEndian: true));
                return plain;
            }
            catch (AuthenticationTagMismatchException) when (i < _keys.Count - 1)
            {
                // Sealed before the secret was replaced: the next key is the previous secret's.
                continue;
            }
        }
    }
}
