using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Progress;

/// <summary>A job's progress as Server-Sent Events.</summary>
internal sealed class EventStream(JobFeeds feeds, GenerationViews views, IOptions<JsonOptions> json, TimeProvider clock)
{
    private static readonly TimeSpan Comment = TimeSpan.FromSeconds(15);
    private static readonly string NotRestored = """{"reason":"The track could not be brought back from the archive. If it was not deleted, it is kept there; ask again."}""";

    /// <summary>
    /// <c>snapshot</c> first; then the stored steps after <c>Last-Event-ID</c> (without one: from the present step on) with their ids, percentages without;
    /// ends after the terminal step. Of a track that is being restored: the percentages of that, to its end.
    /// </summary>
    public static async Task ServeAsync(Guid id, ClaimsPrincipal user, HttpContext http, ShownTracks tracks, EventStream stream)
    {
        var track = await tracks.RequireAsync(id, user.Id(), http.RequestAborted);
        long? after = null;
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } text, ..])
            after = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : throw Problem.Invalid("Last-Event-ID", "The id of an event of this stream.");
        // What is still to come counts on from the generation's own sequence.
        await stream.WriteAsync(http, track, user.Id(), after > track.Sequence ? track.Sequence : after);
    }

    private async Task WriteAsync(HttpContext http, Track track, Guid viewer, long? after)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var feed = feeds.Join(FeedKey.Of(track));
        try
        {
            await SendAsync(http, "snapshot", null, JsonSerializer.Serialize(await views.OfAsync(track, viewer, http.RequestAborted), json.Value.SerializerOptions));
            if (feed.Key.Restoring is null)
                await FollowJobAsync(http, feed, after);
            else
                await FollowRestoringAsync(http, feed, after);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The viewer left.
            return;
        }
        finally
        {
            await feeds.LeaveAsync(feed);
        }
    }

    private async Task FollowJobAsync(HttpContext http, JobFeed feed, long? after)
    {
        Percentage? told = null;
        while (true)
        {
            var news = feed.After(after ?? 0);
            // A new viewer has the past in the snapshot: only the present step is told, for its id.
            foreach (var step in after is null ? news.Events.TakeLast(1) : news.Events)
            {
                await SendAsync(http, step.Kind, step.Sequence, step.Data);
                after = step.Sequence;
                if (step.EndsJob())
                    return;
            }

            // The viewer had even the last step before.
            if (news.Ended)
                return;
            if (news.Events.Count == 0)
                told = await SendAsync(http, news.Latest, told);
            await WaitAsync(http, news.Changed);
        }
    }

    /// <summary>The job's steps are only told to a viewer who missed some.</summary>
    private async Task FollowRestoringAsync(HttpContext http, JobFeed feed, long? after)
    {
        Percentage? told = null;
        while (true)
        {
            var news = feed.After(after ?? long.MaxValue);
            foreach (var step in news.Events)
            {
                await SendAsync(http, step.Kind, step.Sequence, step.Data);
                after = step.Sequence;
            }

            if (news.Restored is { } restored)
            {
                await (restored ? SendAsync(http, "restored", null, "{}") : SendAsync(http, "restore-failed", null, NotRestored));
                return;
            }

            told = await SendAsync(http, news.Latest, told);
            await WaitAsync(http, news.Changed);
        }
    }

    /// <summary>Sends a percentage if it is another than the last one.</summary>
    private async Task<Percentage?> SendAsync(HttpContext http, Percentage? latest, Percentage? told)
    {
        if (latest is not null && latest != told)
        {
            object data = latest.Progress is { } progress ? new { percent = latest.Percent, progress } : new { percent = latest.Percent };
            await SendAsync(http, latest.Stage, null, JsonSerializer.Serialize(data, json.Value.SerializerOptions));
        }

        return latest ?? told;
    }

    private async Task WaitAsync(HttpContext http, Task changed)
    {
        if (await IsQuietAsync(changed, http.RequestAborted))
        {
            await http.Response.WriteAsync(": still here\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
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
