using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Profile.Tokens;

/// <summary>The signing keys in their order of time: one signs, the one before and the next are known, too.</summary>
/// <remarks>
/// A key's number is the number of its 30 days since 1970, and the key follows from the shared secret and the number: replicas change keys at the same
/// instant without telling each other anything. The next key is published a whole period ahead, the last one a period after, which is far longer than
/// any token or cache of keys lives.
/// </remarks>
internal sealed class TokenKeys(SigningSecret secret, TimeProvider clock) : ISigningKeys, IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<(long Number, bool Previous), TokenKey> _keys = [];
    private volatile Ring? _ring;

    /// <summary>The key to sign with now.</summary>
    public SigningCredentials Credentials => Now.Credentials;

    /// <summary>What is published.</summary>
    public PublicKeySet Public => Now.Public;

    /// <inheritdoc />
    public IReadOnlyCollection<SecurityKey> Current => Now.Verification;

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }

    private Ring Now
    {
        get
        {
            var number = clock.GetUtcNow().Ticks / Period.Ticks;
            return _ring is { } ring && ring.Number == number ? ring : _ring = Make(number);
        }
    }

    private Ring Make(long number)
    {
        var keys = new[] { number, number - 1, number + 1 }.Select(n => Key(n, previous: false)).ToList();
        if (secret.Previous is not null)
            keys.AddRange([Key(number, previous: true), Key(number - 1, previous: true)]);
        return new Ring(number, keys[0].Credentials, new PublicKeySet([.. keys.Select(k => k.Public)]), [.. keys.Select(k => k.Credentials.Key)]);
    }

    private TokenKey Key(long number, bool previous) =>
        _keys.GetOrAdd((number, previous), id => new TokenKey(id.Previous ? secret.Previous! : secret, id.Number));

    private sealed record Ring(long Number, SigningCredentials Credentials, PublicKeySet Public, IReadOnlyCollection<SecurityKey> Verification);
}
