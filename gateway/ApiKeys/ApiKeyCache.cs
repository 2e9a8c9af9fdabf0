using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>Exchanged keys for at most a minute, found by the key's hash: the key itself is not kept.</summary>
internal sealed class ApiKeyCache(ApiKeyExchangeClient exchange, TimeProvider clock)
{
    /// <summary>How long a grant is used before profile is asked again, if nobody revokes the key before.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(50);

    private const int Capacity = 50_000;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _revocations;

    /// <summary>The grant of a key that was exchanged before, or null.</summary>
    public ApiKeyGrant? Find(string key) =>
        _entries.TryGetValue(HashOf(key), out var entry) && entry.Until > clock.GetUtcNow() ? entry.Grant : null;

    /// <summary>Asks profile. Null when there is no such key, or it may not be used any more.</summary>
    public async Task<ApiKeyGrant?> ExchangeAsync(string key, CancellationToken cancellationToken)
    {
        var seen = Volatile.Read(ref _revocations);
        var asked = clock.GetUtcNow();
        var grant = await exchange.ExchangeAsync(key, cancellationToken);
        if (grant is null)
        {
            _entries.TryRemove(HashOf(key), out _);
            return null;
        }

        if (_entries.Count >= Capacity)
            _entries.Clear();

        // A key revoked while the answer was on its way must not be remembered as good.
        if (Volatile.Read(ref _revocations) == seen)
            _entries[HashOf(key)] = new Entry(grant, asked + Lifetime);
        return grant;
    }

    /// <summary>Forgets one key by its id, or all keys of a user by the user's.</summary>
    public void Revoke(Guid keyOrUser)
    {
        Interlocked.Increment(ref _revocations);
        foreach (var (hash, entry) in _entries)
        {
            if (entry.Grant.KeyId == keyOrUser || entry.Grant.UserId == keyOrUser)
                _entries.TryRemove(hash, out _);
        }
    }

    /// <summary>Forgets everything: news may have been missed.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _revocations);
        _entries.Clear();
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private sealed record Entry(ApiKeyGrant Grant, DateTimeOffset Until);
}
