using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Son1kVers3.Stealth.Secrets;

/// <summary>The keys that data keys are wrapped with: the current one, and those before it, which still open what they sealed.</summary>
/// <remarks>
/// Changing the master key without downtime: list the new key under <c>Stealth:PreviousMasterKeys</c> at every replica, then make it
/// <c>Stealth:MasterKey</c> and list the old one; <see cref="SecretRewrap"/> wraps every secret anew, after which the old key may go.
/// </remarks>
internal sealed class MasterKeys : IDisposable
{
    private const int KeyBytes = 32;
    private readonly Dictionary<uint, byte[]> _byId = [];

    /// <param name="current">32 bytes, base64.</param>
    /// <param name="previous">The same, any number of them.</param>
    public MasterKeys(string? current, IEnumerable<string> previous)
    {
        CurrentId = Add(current, "Stealth:MasterKey");
        foreach (var key in previous)
            Add(key, "Stealth:PreviousMasterKeys");
    }

    /// <summary>Which key new data keys are wrapped with.</summary>
    public uint CurrentId { get; }

    /// <summary>The ids of all keys, for boxes that don't name theirs.</summary>
    public IEnumerable<uint> Ids => _byId.Keys;

    /// <summary>A cipher under a key. Ciphers are not for several threads at once: each use takes its own.</summary>
    /// <exception cref="CryptographicException">No key of this id is configured.</exception>
    public AesGcm Open(uint id) => _byId.TryGetValue(id, out var key)
        ? new AesGcm(key, SecretBox.TagBytes)
        : throw new CryptographicException("The master key that this secret was sealed under is not configured.");

    public void Dispose()
    {
        foreach (var key in _byId.Values)
            CryptographicOperations.ZeroMemory(key);
    }

    private uint Add(string? base64, string setting)
    {
        var key = new byte[KeyBytes];
        if (!Convert.TryFromBase64String(base64 ?? "", key, out var written) || written != KeyBytes)
            throw new InvalidOperationException($"{setting} must be 32 bytes in base64: the secrets of accounts and proxies are encrypted with it.");
        // A label to find the key by; it tells nothing of it.
        var id = BinaryPrimitives.ReadUInt32BigEndian(HMACSHA256.HashData(key, "master-key-id"u8));
        _byId.TryAdd(id, key);
        return id;
    }
}
