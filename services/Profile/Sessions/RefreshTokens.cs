using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Son1kVers3.Profile.Tokens;

namespace Son1kVers3.Profile.Sessions;

/// <summary>Makes and reads refresh tokens.</summary>
/// <remarks>
/// A token is family (16 bytes), number within the family (4) and HMAC-SHA256 of both under a key of ours (32), in URL-safe base64.
/// The 256 bits of the MAC can't be guessed, and nothing of them is stored, so that whoever reads the database has no token; yet the
/// successor of a token can be told again to the second of two tabs that refresh at once. What carries no MAC of ours is refused without
/// touching a family: nobody can sign another one out by inventing old tokens.
/// </remarks>
internal sealed class RefreshTokens(SigningSecret secret)
{
    private const string Purpose = "son1kvers3/refresh-token/1";
    private const int BodyBytes = 20;
    private const int TokenBytes = BodyBytes + HMACSHA256.HashSizeInBytes;

    private readonly byte[] _key = secret.Derive(Purpose, HMACSHA256.HashSizeInBytes);

    public string Make(Guid family, int number)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        family.TryWriteBytes(token, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(token[16..], number);
        HMACSHA256.HashData(_key, token[..BodyBytes], token[BodyBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Family and number of a token that we made; null for anything else.</summary>
    public (Guid Family, int Number)? Read(string text)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        if (text.Length > 2 * TokenBytes || !Base64Url.IsValid(text, out var length) || length != TokenBytes)
            return null;
        Base64Url.DecodeFromChars(text, token);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, token[..BodyBytes], mac);
        return CryptographicOperations.FixedTimeEquals(mac, token[BodyBytes..])
            ? (new Guid(token[..16], bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(token[16..]))
            : null;
    }
}
