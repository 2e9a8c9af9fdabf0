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
    /// A client for plain reads: what fails is tried again, at the next replica, for at most five seconds in all. Never use it for event streams or egress.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="name">Of the client, for <see cref="IHttpClientFactory"/>.</param>
    /// <param name="repeatsWrites">Only where a POST has no effect that could come twice.</param>
    /// <param name="attempt">How long one attempt may take, of reads that are slower than others: two seconds unless told, with two and a half times as much in all.</param>
    public static IHttpClientBuilder AddServiceReads(this IServiceCollection services, string name, bool repeatsWrites = false, TimeSpan? attempt = null)
    {
        var (attemptTimeout, totalTimeout) = attempt is { } longer ? (longer, 2.5 * longer) : (AttemptTimeout, TotalTimeout);
        services.AddServiceDiscovery();
        var client = services.AddHttpClient(name);
        client.AddStandardResilienceHandler(options =>
        {
            options.TotalRequestTimeout.Timeout = totalTimeout;
            options.AttemptTimeout.Timeout = attemptTimeout;
            options.CircuitBreaker.SamplingDuration = totalTimeout;
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
