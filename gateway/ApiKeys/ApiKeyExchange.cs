using System.Net;
using System.Text.Json;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.ApiKeys;

/// <summary>Asks profile for the token that stands for an API key.</summary>
internal sealed class ApiKeyExchange(IHttpClientFactory clients, ServiceAddresses addresses)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "api-keys";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>The grant, or null when profile does not accept the key.</summary>
    /// <exception cref="ProblemException">503: profile is away.</exception>
    public async Task<ApiKeyGrant?> ExchangeAsync(string key, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        for (var replicas = Math.Max(1, addresses.All("profile").Count); replicas > 0; replicas--)
        {
            try
            {
                var client = clients.CreateClient(ClientName);
                using var response = await client.PostAsJsonAsync(new Uri(addresses.Next("profile"), "/internal/api-keys/exchange"), new { key }, timeout.Token);
                if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                    return null;
                response.EnsureSuccessStatusCode();
                return (await response.Content.ReadFromJsonAsync<Answer>(timeout.Token))?.ToGrant();
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or ArgumentException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // An exchange has no effect, so the next replica may try.
                continue;
            }
        }

        throw Problem.Unavailable("API keys cannot be checked just now; try again in a moment.", RetryAfter);
    }

    private sealed record Answer(string AccessToken, Guid UserId, Guid KeyId, Tier Tier)
    {
        public ApiKeyGrant ToGrant() => new(AccessToken, UserId, KeyId, Tier);
    }
}
