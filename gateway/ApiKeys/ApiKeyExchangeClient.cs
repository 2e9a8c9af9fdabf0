using System.Net;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>Asks profile for the token that stands for an API key.</summary>
internal sealed class ApiKeyExchangeClient(IHttpClientFactory clients)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "api-keys";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>The grant, or null when profile does not accept the key.</summary>
    /// <exception cref="ProblemException">503: profile is away.</exception>
    public async Task<ApiKeyGrant?> ExchangeAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.PostAsJsonAsync("http://profile/internal/api-keys/exchange", new { key }, cancellationToken);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                return null;
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync<Answer>(cancellationToken))?.ToGrant();
        }
        // Whatever keeps profile from answering (refused, broken off, slow, an open circuit, an answer that is none) is the same to the caller.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem.Unavailable("API keys cannot be checked just now; try again in a moment.", RetryAfter);
        }
    }

    private sealed record Answer(string AccessToken, Guid UserId, Guid KeyId, Tier Tier)
    {
        public ApiKeyGrant ToGrant() => new(AccessToken, UserId, KeyId, Tier);
    }
}
