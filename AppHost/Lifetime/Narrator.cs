using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Says on the terminal what otherwise only the dashboard knows: what is ready, and at the end where everything is.</summary>
internal sealed class Narrator(ResourceNotificationService states, HostSettings settings, Terminal terminal) : BackgroundService
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly HashSet<string> _ready = [];
    private string? _dashboard;
    private bool _isUp;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        terminal.Say($"Starting. Data, secrets and tracks are in {settings.Data.Folder}");
        await foreach (var change in states.WatchAsync(stoppingToken))
        {
            if (change.Resource.Name == Processes.Dashboard)
                _dashboard = change.Snapshot.Urls.Where(url => !url.IsInactive).Select(url => url.Url).FirstOrDefault(url => url.Contains("login", StringComparison.Ordinal)) ?? _dashboard;
            else if (IsReady(change) && _ready.Add(change.Resource.Name))
                terminal.Say($"  {change.Resource.Name} is ready ({Elapsed} s)");
            if (!_isUp && _ready.Contains(ServiceExtensions.Gateway) && _dashboard is not null)
                SayWhereEverythingIs();
        }
    }

    private string Elapsed => $"{Stopwatch.GetElapsedTime(_begun).TotalSeconds:0.0}";

    // A server's programs are parts of it: the server is what is ready.
    private static bool IsReady(ResourceEvent change) =>
        change.Resource is ProjectResource or IResourceWithConnectionString and not IResourceWithParent and not ParameterResource
        && change.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;

    private void SayWhereEverythingIs()
    {
        _isUp = true;
        terminal.Say(
            string.Empty,
            $"Son1kVers3 is up ({Elapsed} s). Ctrl+C ends it.",
            string.Empty,
            $"  Web app        {settings.PublicUrl}",
            $"  API reference  {settings.PublicUrl}/docs",
            $"  Dashboard      {_dashboard}",
            string.Empty);
    }
}
