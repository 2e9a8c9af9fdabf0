using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Stealth.Data;
using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Monitoring;

/// <summary>A line of the history as operators see it.</summary>
internal sealed record HistoryView(long Id, DateTimeOffset At, string Kind, Guid SubjectId, string? Provider, string Name, string Status, string Reason, DateTimeOffset? Until)
{
    public static HistoryView Of(HealthEntry e) => new(e.Id, e.At, e.Kind, e.SubjectId, e.Provider, e.Name, e.Status, e.Reason, e.Until);
}

/// <summary>What happens to accounts, keys, proxies and providers, as Server-Sent Events: first a snapshot of the health, then each line of the history.</summary>
internal sealed class EventStream(HistorySignal signal, FleetCache fleet, IServiceScopeFactory scopes, IOptions<JsonOptions> json, TimeProvider clock)
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Comment = TimeSpan.FromSeconds(15);

    /// <summary><c>snapshot</c>, then <c>account</c>, <c>proxy</c>, <c>provider</c> and <c>key</c> with their ids; those after <c>Last-Event-ID</c> first.</summary>
    [EndpointName("FollowStealthEvents"), EndpointSummary("Health as Server-Sent Events"), EndpointDescription("`snapshot` first; then `account`, `proxy`, `provider` and `key` as they happen, replayed after `Last-Event-ID`.")]
    public static async Task ServeAsync(HttpContext http, EventStream stream)
    {
        long? after = null;
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } text, ..])
            after = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : throw Problem.Invalid("Last-Event-ID", "The id of an event of this stream.");
        try
        {
            await stream.WriteAsync(http, after, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The operator left.
            return;
        }
    }

    private async Task WriteAsync(HttpContext http, long? after, CancellationToken cancellationToken)
    {
        // What is committed while the snapshot is drawn must not be missed: it is told after it, too.
        var last = after ?? await LastAsync(cancellationToken);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await SendAsync(http, "snapshot", null, StealthHealth.Of(fleet.Current, clock.GetUtcNow()), cancellationToken);
        while (true)
        {
            var changed = signal.Next;
            var entries = await ReadAsync(last, cancellationToken);
            foreach (var entry in entries)
            {
                await SendAsync(http, entry.Kind, entry.Id, HistoryView.Of(entry), cancellationToken);
                last = entry.Id;
            }

            if (entries.Count == BatchSize || await ChangesAsync(changed, cancellationToken))
                continue;
            await http.Response.WriteAsync(": still here\n\n", cancellationToken);
            await http.Response.Body.FlushAsync(cancellationToken);
        }
    }

    private async Task<bool> ChangesAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(Comment, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StealthDb>().Set<HealthEntry>().MaxAsync(e => (long?)e.Id, cancellationToken) ?? 0;
    }

    private async Task<List<HealthEntry>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StealthDb>().Set<HealthEntry>().AsNoTracking()
            .Where(e => e.Id > after).OrderBy(e => e.Id).Take(BatchSize).ToListAsync(cancellationToken);
    }

    private async Task SendAsync<T>(HttpContext http, string kind, long? id, T data, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        if (id is not null)
            text.Append(CultureInfo.InvariantCulture, $"id: {id}\n");
        text.Append(CultureInfo.InvariantCulture, $"event: {kind}\ndata: {JsonSerializer.Serialize(data, json.Value.SerializerOptions)}\n\n");
        await http.Response.WriteAsync(text.ToString(), cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }
}

/// <summary>Wakes the streams of this replica when a line was added to the history, anywhere.</summary>
internal sealed class HistorySignal(NpgsqlDataSource database, TimeProvider clock, ILogger<HistorySignal> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next line.</summary>
    public Task Next => _next.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await database.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"LISTEN {StealthDb.HistoryChannel}", listener))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    Pulse();
                    await listener.WaitAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Live events wait: {Reason}", e.Message);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Pulse() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapGet("/api/stealth/events", EventStream.ServeAsync)
        .WithTags("Stealth: health").RequireAuthorization(Roles.Operator).Produces<string>(200, "text/event-stream").Refuses(400);
}
