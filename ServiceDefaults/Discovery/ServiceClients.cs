using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Son1kVers3.ServiceDefaults.Discovery;

/// <summary>HTTP clients that find other services by their names (<c>http://profile/…</c>), as configured by <c>services__{name}__http__0..n</c>.</summary>
public static class ServiceClients
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A client for short plain reads: what fails is tried again, at the next replica, for at most five seconds in all. Never use it for event streams or egress.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="name">Of the client, for <see cref="IHttpClientFactory"/>.</param>
    /// <param name="repeatsWrites">Only where a POST has no effect that could come twice.</param>
    public static IHttpClientBuilder AddServiceReads(this IServiceCollection services, string name, bool repeatsWrites = false)
    {
        services.AddServiceDiscovery();
        var client = services.AddHttpClient(name);
        client.AddStandardResilienceHandler(options =>
        {
            options.TotalRequestTimeout.Timeout = TotalTimeout;
            options.AttemptTimeout.Timeout = AttemptTimeout;
            options.CircuitBreaker.SamplingDuration = TotalTimeout;
            options.CircuitBreaker.BreakDuration = AttemptTimeout;
            options.Retry.MaxRetryAttempts = 3;
            options.Retry.Delay = TimeSpan.FromMilliseconds(100);
            options.Retry.BackoffType = DelayBackoffType.Exponential;
            if (!repeatsWrites)
                options.Retry.DisableForUnsafeHttpMethods();
        }).SelectPipelineByAuthority();
        // Inside of the repeats, so that each takes the next replica.
        client.AddServiceDiscovery();
        return client;
    }
}
