using System.Buffers;
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

    private readonly IReadOnlyList<byte[]> _keys = secret.DeriveAll(Purpose, HMACSHA256.HashSizeInBytes);

    public string Make(Guid family, int number)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        family.TryWriteBytes(token, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(token[16..], number);
        HMACSHA256.HashData(_keys[0], token[..BodyBytes], token[BodyBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Family and number of a token that we made, in the one spelling that we gave it; null for anything else.</summary>
    public (Guid Family, int Number)? Read(string text)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        if (text.Length > 2 * TokenBytes || Base64Url.DecodeFromChars(text, token, out var read, out var written) != OperationStatus.Done
            || read != text.Length || written != TokenBytes || !text.AsSpan().SequenceEqual(Base64Url.EncodeToString(token)))
            return null;
        return IsOurs(token) ? (new Guid(token[..16], bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(token[16..])) : null;
    }

    private bool IsOurs(ReadOnlySpan<byte> token)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var ours = false;
        foreach (var key in _keys)
        {
            HMACSHA256.HashData(key, token[..BodyBytes], mac);
            ours |= CryptographicOperations.FixedTimeEquals(mac, token[BodyBytes..]);
        }

        return ours;
    }
}
