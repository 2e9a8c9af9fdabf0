using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Providers;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Keeps the providers' status fresh and tells it in <c>/health</c>: without one that works, the service is degraded.</summary>
/// <remarks>
/// A process with workers asks the providers itself. One without goes by what the living workers say; where none lives, nothing can be
/// made. Workers that start or are replaced get
/// a moment: within <see cref="JobOptions.Absence"/> after this process's start its own view counts, and after the last worker's death the
/// last word does.
/// </remarks>
internal sealed class ProviderWatch(
    ProviderCatalog catalog, IServiceScopeFactory scopes, JobOptions options, TimeProvider clock, ILogger<ProviderWatch> log)
    : PeriodicWorker(new Schedule(options.Workers > 0 ? TimeSpan.FromSeconds(15) : options.PollInterval), clock,
        log), IHostedLifecycleService, IHealthCheck
{
    private const string NobodyWorks = "No worker is running.";
    private const string NotOffered = "No running worker offers it.";
    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>Before requests are served.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => catalog.RefreshAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = catalog.All.Where(p => catalog.StatusOf(p) is { Available: false, Configured: true }).Select(p => $"{p.Name}: {catalog.StatusOf(p).Detail}").ToList();
        return Task.FromResult(away.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", away)));
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Workers > 0 || await ReadWorkersAsync(cancellationToken) is not { } statuses)
        {
            await catalog.RefreshAsync(cancellationToken);
            return;
        }

        foreach (var provider in catalog.All)
            catalog.Set(provider.Name,
                statuses.GetValueOrDefault(provider.Name) ?? new ProviderStatus(false, statuses.Count == 0 ? NobodyWorks : NotOffered));
    }

    /// <summary>What can be made, by those who would make it; null while it is too early to tell.</summary>
    private async Task<Dictionary<string, ProviderStatus>?> ReadWorkersAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<GenerationDb>().Set<WorkerRow>().FromSql(
            $"SELECT * FROM workers WHERE seen_at > now() - {options.Absence}").AsNoTracking().ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return TimeProvider.System.GetElapsedTime(_started) < options.Absence ? null : [];
        var latest = rows.Max(r => r.SeenAt);
        var statuses = new Dictionary<string, ProviderStatus>();
        foreach (var (name, status) in rows.Where(r => r.SeenAt > latest - WorkerRow.Lifetime).SelectMany(r => Read(r.Providers)))
        {
            // One that can is enough.
            if (!statuses.TryGetValue(name, out var known) || !known.Available)
                statuses[name] = status;
        }

        return statuses;
    }

    private static Dictionary<string, ProviderStatus> Read(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, ProviderStatus>>(json, JsonSerializerOptions.Web) ?? [];
}
