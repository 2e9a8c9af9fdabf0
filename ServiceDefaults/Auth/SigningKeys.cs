using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Where the public keys that tokens are checked with come from.</summary>
public interface ISigningKeys
{
    /// <summary>The keys known now; empty until the first answer of profile.</summary>
    IReadOnlyCollection<SecurityKey> Current { get; }
}

/// <summary>Keeps profile's JWKS in memory, so that no request waits for it and an outage of profile signs nobody out.</summary>
internal sealed class JwksSigningKeys(ServiceAddresses addresses, TimeProvider clock, ILogger<JwksSigningKeys> log)
    : BackgroundService, ISigningKeys, IHealthCheck
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private volatile IReadOnlyCollection<SecurityKey> _keys = [];

    public IReadOnlyCollection<SecurityKey> Current => _keys;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_keys.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The signing keys of profile are not here yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Refresh;
            try
            {
                var json = await http.GetStringAsync(new Uri(addresses.Next("profile"), "/.well-known/jwks.json"), stoppingToken);
                _keys = [.. new JsonWebKeySet(json).GetSigningKeys()];
            }
            catch (Exception e) when (e is HttpRequestException or ArgumentException or TaskCanceledException && !stoppingToken.IsCancellationRequested)
            {
                wait = Retry;
                log.LogInformation("Profile's signing keys are not to be had yet: {Reason}", e.Message);
            }

            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
