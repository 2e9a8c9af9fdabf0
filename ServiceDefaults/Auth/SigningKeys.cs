using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.ServiceDefaults.Health;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Where the public keys that tokens are checked with come from.</summary>
public interface ISigningKeys
{
    /// <summary>The keys known now; empty until the first answer of profile.</summary>
    IReadOnlyCollection<SecurityKey> Current { get; }

    /// <summary>A token of this key came: the keys are brought up to date if it is not known.</summary>
    Task LearnAsync(string keyId) => Task.CompletedTask;
}

/// <summary>Keeps profile's JWKS in memory, so that no request waits for it and an outage of profile signs nobody out.</summary>
/// <remarks>
/// The library's configuration manager asks again every few minutes, keeps what it has when there is no answer, and for a key that is not known asks at once, though
/// never more than once a second. It does so in the background; the one token that made it ask waits here for the answer, so that a new key is good from its first token on.
/// </remarks>
internal sealed class JwksSigningKeys : ISigningKeys, IHealthCheck, IWarmUp, IConfigurationRetriever<OpenIdConnectConfiguration>, IDocumentRetriever
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "signing-keys";

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly IHttpClientFactory _clients;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _manager;
    private volatile IReadOnlyCollection<SecurityKey> _keys = [];
    private volatile TaskCompletionSource _answer = NewAnswer();
    private long _askedAt = long.MinValue;

    public JwksSigningKeys(IHttpClientFactory clients)
    {
        _clients = clients;
        _manager = new ConfigurationManager<OpenIdConnectConfiguration>("http://profile/.well-known/jwks.json", this, this)
        {
            AutomaticRefreshInterval = TimeSpan.FromMinutes(5),
            RefreshInterval = RefreshInterval,
        };
    }

    public IReadOnlyCollection<SecurityKey> Current => _keys;

    public Task WarmAsync(CancellationToken cancellationToken) => _manager.GetConfigurationAsync(cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_keys.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The signing keys of profile are not here yet."));

    public async Task LearnAsync(string keyId)
    {
        var answer = _answer.Task;
        try
        {
            // Asks in the background when it is time for it.
            await _manager.GetConfigurationAsync(CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            // No answer yet, ever; the manager asks again by itself.
            return;
        }

        if (Knows(keyId))
            return;
        // The manager does not ask again sooner: whoever brings an unknown key waits for its turn.
        var wait = RefreshInterval + Margin - TimeProvider.System.GetElapsedTime(Volatile.Read(ref _askedAt));
        if (wait > TimeSpan.Zero)
            await Task.WhenAny(answer, Task.Delay(wait));
        if (Knows(keyId))
            return;
        answer = _answer.Task;
        _manager.RequestRefresh();
        await Task.WhenAny(answer, Task.Delay(AnswerTimeout));
    }

    private bool Knows(string keyId) => _keys.Any(key => key.KeyId == keyId);

    async Task<string> IDocumentRetriever.GetDocumentAsync(string address, CancellationToken cancel) =>
        await _clients.CreateClient(ClientName).GetStringAsync(address, cancel);

    async Task<OpenIdConnectConfiguration> IConfigurationRetriever<OpenIdConnectConfiguration>.GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        Volatile.Write(ref _askedAt, TimeProvider.System.GetTimestamp());
        try
        {
            var keys = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel)).GetSigningKeys();
            _keys = [.. keys];
            var configuration = new OpenIdConnectConfiguration();
            foreach (var key in keys)
                configuration.SigningKeys.Add(key);
            return configuration;
        }
        finally
        {
            Interlocked.Exchange(ref _answer, NewAnswer()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
