using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Streams;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Monitoring;

/// <summary>A line of the history as operators see it.</summary>
internal sealed record HistoryView(long Id, DateTimeOffset At, string Kind, Guid SubjectId, string? Provider, string Name, string Status, string Reason, DateTimeOffset? Until)
{
    public static HistoryView Of(HealthEntry e) => new(e.Id, e.At, e.Kind, e.SubjectId, e.Provider, e.Name, e.Status, e.Reason, e.Until);
}

internal static class EventEndpoint
{
    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/stealth/events", Follow).WithTags("Stealth: health").RequireAuthorization(Roles.Operator);

    [EndpointName("FollowStealthEvents"), EndpointSummary("Health as Server-Sent Events"),
     EndpointDescription("`snapshot` first; then `account`, `proxy`, `provider` and `key` as they happen, replayed after `Last-Event-ID`.")]
    private static ServerSentEvents Follow(LastEventId after, HistoryFeed feed) => new(feed.FollowAsync(after.Number));
}

/// <summary>What happens to accounts, keys, proxies and providers: first how they stand, then each line of the history, from any replica.</summary>
internal sealed class HistoryFeed
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly FleetCache _fleet;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HistoryFeed(DatabaseNotifications notifications, FleetCache fleet, IServiceScopeFactory scopes, TimeProvider clock)
    {
        (_fleet, _scopes, _clock) = (fleet, scopes, clock);
        notifications.On(StealthDb.HistoryChannel, _ => Pulse());
    }

    public async IAsyncEnumerable<ServerSentEvent> FollowAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // In this order: what is committed while the snapshot is drawn is told after it.
        var last = after ?? await LastAsync(cancellationToken);
        yield return new ServerSentEvent("snapshot", StealthHealth.Of(_fleet.Current, _clock.GetUtcNow()));
        while (true)
        {
            var changed = _next.Task;
            var entries = await ReadAsync(last, cancellationToken);
            foreach (var entry in entries)
            {
                yield return new ServerSentEvent(entry.Kind, HistoryView.Of(entry), entry.Id.ToString(CultureInfo.InvariantCulture));
                last = entry.Id;
            }

            if (entries.Count < BatchSize)
                await Task.WhenAny(changed, Task.Delay(Interval, _clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StealthDb>().Set<HealthEntry>().MaxAsync(e => (long?)e.Id, cancellationToken) ?? 0;
    }

    private async Task<List<HealthEntry>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StealthDb>().Set<HealthEntry>().AsNoTracking()
            .Where(e => e.Id > after).OrderBy(e => e.Id).Take(BatchSize).ToListAsync(cancellationToken);
    }

    private void Pulse() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
