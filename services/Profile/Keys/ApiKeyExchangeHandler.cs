using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Keys;

/// <summary>The key that the gateway got.</summary>
internal sealed record ExchangeRequest(string? Key)
{
    // A record prints its members; this one must not.
    public override string ToString() => nameof(ExchangeRequest);
}

/// <summary>What stands for the key.</summary>
/// <param name="AccessToken">A JWT of the key's owner.</param>
/// <param name="ExpiresIn">Seconds that it is good.</param>
/// <param name="ExpiresAt">The same as an instant.</param>
/// <param name="UserId">The owner.</param>
/// <param name="KeyId">What <see cref="ApiKeyRevocations.Channel"/> names the key by.</param>
/// <param name="Tier">The API rate's class: PRO or STUDIO.</param>
internal sealed record ExchangedKey(string AccessToken, int ExpiresIn, DateTimeOffset ExpiresAt, Guid UserId, Guid KeyId, Tier Tier);

/// <summary>
/// <c>POST /internal/api-keys/exchange</c>: turns a key into a token, for the gateway alone, which routes nobody from outside to <c>/internal</c>.
/// 401 <c>invalid-api-key</c>: unknown or revoked; 403 <c>api-keys-not-in-tier</c>: its owner's tier has none (any more).
/// </summary>
internal sealed class ApiKeyExchangeHandler(ProfileDb db, AccessTokens tokens, TimeProvider clock)
{
    public async Task<Ok<ExchangedKey>> ExchangeAsync(Body<ExchangeRequest> body, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var hash = ApiKey.HashOf(request.Key ?? "");
        var found = await db.Database.SqlQuery<FoundKey>(
            $"""
            UPDATE api_keys k SET last_used_at = {clock.GetUtcNow()}
            FROM api_keys same LEFT JOIN entitlements e ON e.account_id = same.account_id
            WHERE k.hash = {hash} AND k.revoked_at IS NULL AND same.id = k.id
            RETURNING k.id, k.account_id, coalesce(e.api_keys, false) AS allowed, coalesce(e.tier, 'Free') AS tier, e.alvae, array_to_string(k.scopes, ' ') AS scopes
            """).ToListAsync(cancellationToken);
        if (found is not [{ } key])
            throw Problem.Of(401, "invalid-api-key", "There is no such API key.");
        if (!key.Allowed)
            throw Problem.Of(403, "api-keys-not-in-tier", "API keys come with PRO and STUDIO.");
        var token = tokens.ForApiKey(key.AccountId, key.Id, key.Scopes);
        return TypedResults.Ok(new ExchangedKey(
            token.Value, (int)token.Lifetime.TotalSeconds, token.ExpiresAt, key.AccountId, key.Id, key.Alvae is null ? Enum.Parse<Tier>(key.Tier) : Tier.Studio));
    }

    private sealed record FoundKey(Guid Id, Guid AccountId, bool Allowed, string Tier, string? Alvae, string Scopes);
}
