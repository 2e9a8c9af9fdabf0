using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Progress;

/// <summary>A job's progress as Server-Sent Events.</summary>
internal sealed class EventStream(JobFeeds feeds, GenerationViews views, IOptions<JsonOptions> json, TimeProvider clock)
{
    private static readonly TimeSpan Comment = TimeSpan.FromSeconds(15);
    private static readonly HashSet<string> Terminal = ["completed", "failed", "cancelled"];

    /// <summary>
    /// <c>snapshot</c> first; then the stored steps after <c>Last-Event-ID</c> (without one: from the present step on) with their ids, percentages without;
    /// ends after the terminal step.
    /// </summary>
    public static async Task ServeAsync(Guid id, ClaimsPrincipal user, HttpContext http, GenerationDb db, EventStream stream)
    {
        var track = await db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, http.RequestAborted);
        if (track?.IsShownTo(user.Id()) != true)
            throw Problem.NotFound("generation");
        long? after = null;
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } text, ..])
            after = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : throw Problem.Invalid("Last-Event-ID", "The id of an event of this stream.");
        await stream.WriteAsync(http, track, user.Id(), after);
    }

    private async Task WriteAsync(HttpContext http, Track track, Guid viewer, long? after)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var feed = feeds.Join(track.Id);
        try
        {
            await SendAsync(http, "snapshot", null, JsonSerializer.Serialize(await views.OfAsync(track, viewer, http.RequestAborted), json.Value.SerializerOptions));
            await FollowAsync(http, feed, after);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The viewer left.
            return;
        }
        finally
        {
            await feeds.LeaveAsync(track.Id, feed);
        }
    }

    private async Task FollowAsync(HttpContext http, JobFeed feed, long? after)
    {
        Percentage? told = null;
        while (true)
        {
            var (events, latest, changed) = feed.After(after ?? 0);
            // A new viewer has the past in the snapshot: only the present step is told, for its id.
            foreach (var step in after is null ? events.TakeLast(1) : events)
            {
                await SendAsync(http, step.Kind, step.Sequence, step.Data);
                after = step.Sequence;
                if (Terminal.Contains(step.Kind))
                    return;
            }

            if (latest is not null && latest != told && events.Count == 0)
            {
                told = latest;
                var kind = JsonSerializer.Serialize(latest.Stage, json.Value.SerializerOptions).Trim('"');
                await SendAsync(http, kind, null, JsonSerializer.Serialize(new { percent = latest.Percent, progress = latest.Progress }, json.Value.SerializerOptions));
            }

            if (await IsQuietAsync(changed, http.RequestAborted))
            {
                await http.Response.WriteAsync(": still here\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
    }

    private async Task<bool> IsQuietAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(Comment, clock, cancellationToken);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private static async Task SendAsync(HttpContext http, string kind, long? id, string data)
    {
        var text = new StringBuilder();
        if (id is not null)
            text.Append(CultureInfo.InvariantCulture, $"id: {id}\n");
        text.Append(CultureInfo.InvariantCulture, $"event: {kind}\ndata: {data}\n\n");
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
