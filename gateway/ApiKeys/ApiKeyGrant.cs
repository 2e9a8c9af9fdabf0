using Son1kVers3.Contracts;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>What an API key was exchanged for.</summary>
/// <param name="AccessToken">A short-lived JWT of the key's owner.</param>
/// <param name="UserId">The owner.</param>
/// <param name="KeyId">The key's own id: what profile names it by when it is revoked.</param>
/// <param name="Tier">Decides the rate; as of the exchange.</param>
internal sealed record ApiKeyGrant(string AccessToken, Guid UserId, Guid KeyId, Tier Tier)
{
    // The token is a secret: what prints a record must not print it.
    public override string ToString() => $"grant of key {KeyId}";
}
