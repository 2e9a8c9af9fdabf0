using Microsoft.Extensions.Diagnostics.HealthChecks;
using Son1kVers3.Gateway.Routing;
using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Gateway.Health;

/// <summary>Asks every service how it is, and remembers which have been ready.</summary>
/// <remarks>
/// Before a service has been ready once the gateway is not ready either: the system is still starting. Later a sick service only
/// shows in the body: the other services still need their gateway.
/// </remarks>
internal sealed class ServicesHealth(ServiceReplicas replicas, TimeProvider clock, ILogger<ServicesHealth> log)
    : PeriodicWorker(new Schedule(TimeSpan.FromSeconds(5)) { StartsAtOnce = true }, clock, log)
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(500);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(4) };
    private readonly Dictionary<string, ServiceHealth> _services = RouteTable.Services.ToDictionary(name => name, _ => new ServiceHealth());

    /// <summary>What is known of a service now.</summary>
    public HealthCheckResult Of(string service) => _services[service].Result;

    protected override TimeSpan Interval => _services.Values.All(service => service.WasReady) ? base.Interval : WhileStarting;

    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
    }

    protected override Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_services.Select(async service => service.Value.Record(await AskAsync(service.Key, cancellationToken))));

    private async Task<HealthCheckResult> AskAsync(string service, CancellationToken stopping)
    {
        var answers = await Task.WhenAll((await replicas.OfAsync(service, stopping)).Select(address => AskAsync(address, stopping)));
        var ready = answers.Count(answer => answer.Status != HealthStatus.Unhealthy);
        if (ready == 0)
            return answers[0];
        return ready < answers.Length
            ? HealthCheckResult.Degraded($"{ready} of {answers.Length} replicas are ready.")
            : answers.MinBy(answer => answer.Status);
    }

    private async Task<HealthCheckResult> AskAsync(Uri address, CancellationToken stopping)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(address, "/health"), stopping);
            var body = await response.Content.ReadFromJsonAsync<HealthAnswer>(stopping);
            return response.IsSuccessStatusCode
                ? new HealthCheckResult(body?.Status == "degraded" ? HealthStatus.Degraded : HealthStatus.Healthy, body?.Complaints())
                : HealthCheckResult.Unhealthy(body?.Complaints() ?? "It is not ready.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return HealthCheckResult.Unhealthy("It does not answer.");
        }
    }

    private sealed class ServiceHealth
    {
        private volatile object _result = HealthCheckResult.Unhealthy("It has not been ready since the gateway started.");

        public bool WasReady { get; private set; }

        public HealthCheckResult Result => (HealthCheckResult)_result;

        public void Record(HealthCheckResult result)
        {
            WasReady |= result.Status != HealthStatus.Unhealthy;
            _result = WasReady && result.Status == HealthStatus.Unhealthy ? HealthCheckResult.Degraded(result.Description) : result;
        }
    }

    private sealed record HealthAnswer(string? Status, Dictionary<string, HealthEntry>? Checks)
    {
        public string? Complaints()
        {
            var sick = (Checks ?? []).Where(check => check.Value.Status != "healthy").Select(check => $"{check.Key}: {check.Value.Detail ?? check.Value.Status}").ToList();
            return sick.Count == 0 ? null : string.Join("; ", sick);
        }
    }

    private sealed record HealthEntry(string? Status, string? Detail);
}

/// <summary>Registers the watch and one health check a service.</summary>
internal static class ServicesHealthExtensions
{
    public static IServiceCollection AddServicesHealth(this IServiceCollection services)
    {
        services.AddSingleton<ServiceReplicas>().AddWorker<ServicesHealth>();
        foreach (var service in RouteTable.Services)
            services.AddHealthChecks().Add(new HealthCheckRegistration(service, provider => new OneService(provider.GetRequiredService<ServicesHealth>(), service), null, null));
        return services;
    }

    private sealed class OneService(ServicesHealth health, string service) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(health.Of(service));
    }
}
