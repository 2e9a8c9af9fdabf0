using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Son1kVers3.ServiceDefaults.Paging;

/// <summary>Keyset cursors: opaque to clients, the sort key of the last row to us.</summary>
/// <remarks>
/// A cursor carries a keyed hash of its list and its key. So no query ever sees a key that is not one of its own rows': neither one that
/// was made up (an instant that a database does not take, a number that overflows), nor one of another list or of other filters.
/// </remarks>
/// <param name="secret">The same in all replicas and after a restart; without one, cursors are good in this process alone.</param>
internal sealed class CursorSeal(string? secret)
{
    private const int TagLength = 12;

    // Value tuples keep their parts in fields.
    private static readonly JsonSerializerOptions Fields = new() { IncludeFields = true };

    private readonly byte[] _key = secret is { Length: > 0 } ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "cursors"u8.ToArray()) : RandomNumberGenerator.GetBytes(32);

    /// <summary>The key as URL-safe text.</summary>
    public string Close<TKey>(TKey key, string list)
        where TKey : struct
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(key, Fields);
        return Base64Url.EncodeToString([.. Tag(json, list), .. json]);
    }

    /// <summary>The key back; null when it was not closed here for this list.</summary>
    public TKey? Open<TKey>(string cursor, string list)
        where TKey : struct
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(cursor).AsSpan();
            if (bytes.Length <= TagLength || !CryptographicOperations.FixedTimeEquals(bytes[..TagLength], Tag(bytes[TagLength..], list)))
                return null;
            return JsonSerializer.Deserialize<TKey>(bytes[TagLength..], Fields);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // No base64url; or made by a release whose list had another key.
            return null;
        }
    }

    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> json, string list)
    {
        byte[] sealedText = [.. Encoding.UTF8.GetBytes(list), 0, .. json];
        return HMACSHA256.HashData(_key, sealedText).AsSpan(0, TagLength);
    }
}
