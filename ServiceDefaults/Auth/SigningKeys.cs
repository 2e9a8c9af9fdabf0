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
}

/// <summary>Keeps profile's JWKS in memory, so that no request waits for it and an outage of profile signs nobody out.</summary>
/// <remarks>
/// The library's configuration manager asks again every few minutes and keeps what it has when there is no answer. A token of a key that is not known
/// makes it ask at once, though never more than once a second.
/// </remarks>
internal sealed class JwksSigningKeys : ISigningKeys, IHealthCheck, IWarmUp, IConfigurationRetriever<OpenIdConnectConfiguration>, IDocumentRetriever
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "signing-keys";

    private readonly IHttpClientFactory _clients;
    private volatile IReadOnlyCollection<SecurityKey> _keys = [];

    public JwksSigningKeys(IHttpClientFactory clients)
    {
        _clients = clients;
        Manager = new ConfigurationManager<OpenIdConnectConfiguration>("http://profile/.well-known/jwks.json", this, this)
        {
            AutomaticRefreshInterval = TimeSpan.FromMinutes(5),
            RefreshInterval = TimeSpan.FromSeconds(1),
        };
    }

    public ConfigurationManager<OpenIdConnectConfiguration> Manager { get; }

    public IReadOnlyCollection<SecurityKey> Current => _keys;

    public Task WarmAsync(CancellationToken cancellationToken) => Manager.GetConfigurationAsync(cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_keys.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The signing keys of profile are not here yet."));

    Task<string> IDocumentRetriever.GetDocumentAsync(string address, CancellationToken cancel) => _clients.CreateClient(ClientName).GetStringAsync(address, cancel);

    async Task<OpenIdConnectConfiguration> IConfigurationRetriever<OpenIdConnectConfiguration>.GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        var keys = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel)).GetSigningKeys();
        var configuration = new OpenIdConnectConfiguration { Issuer = AuthExtensions.Issuer };
        foreach (var key in keys)
            configuration.SigningKeys.Add(key);
        _keys = [.. keys];
        return configuration;
    }
}
