using System.Runtime.CompilerServices;
using System.Text.Json;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Generation.Streams;

/// <summary>One job's progress, or that of a restore of its track.</summary>
internal sealed class JobStream(JobFeeds feeds, GenerationViews views)
{
    /// <summary>
    /// <c>snapshot</c> first; then the stored steps after <paramref name="after"/> (null: from the present step on) with their ids,
    /// percentages without;
    /// ends after the terminal step. Of a track that is being restored: the percentages of that, to its end.
    /// </summary>
    public async IAsyncEnumerable<ServerSentEvent> FollowAsync(
        Track track, Viewer viewer, long? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // What is still to come counts on from the track's own sequence.
        after = after > track.Sequence ? track.Sequence : after;
        var feed = feeds.Join(FeedKey.Of(track));
        try
        {
            yield return new ServerSentEvent("snapshot", await views.OfAsync(track, viewer, cancellationToken));
            await foreach (
                var step in feed.Key.Restoring is null
                ? FollowJobAsync(feed, after, cancellationToken)
                : FollowRestoreAsync(feed, after, cancellationToken))
                yield return step;
        }
        finally
        {
            await feeds.LeaveAsync(feed);
        }
    }

    private static async IAsyncEnumerable<ServerSentEvent> FollowJobAsync(
        JobFeed feed, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Percentage? sent = null;
        while (true)
        {
            var news = feed.After(after ?? 0);
            // A new viewer has the past in the snapshot: only the present step is told, for its id.
            foreach (var step in after is null ? news.Events.TakeLast(1) : news.Events)
            {
                yield return EventOf(step);
                after = step.Sequence;
                if (step.EndsJob())
                    yield break;
            }

            // The viewer had even the last step before.
            if (news.Ended)
                yield break;
            if (news.Events.Count == 0 && news.Latest is { } latest && latest != sent)
                yield return EventOf(sent = latest);
            await news.Changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The job's steps are only told to a viewer who missed some.</summary>
    private static async IAsyncEnumerable<ServerSentEvent> FollowRestoreAsync(
        JobFeed feed, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Percentage? sent = null;
        while (true)
        {
            var news = feed.After(after ?? long.MaxValue);
            foreach (var step in news.Events)
            {
                yield return EventOf(step);
                after = step.Sequence;
            }

            if (news.Restored is { } restored)
            {
                yield return restored
                    ? new ServerSentEvent("restored", new { })
                    : new ServerSentEvent("restore-failed", new { reasonCode = RestoreFailure.NotRestored });
                yield break;
            }

            if (news.Latest is { } latest && latest != sent)
                yield return EventOf(sent = latest);
            await news.Changed.WaitAsync(cancellationToken);
        }
    }

    private static ServerSentEvent EventOf(TrackEvent step) =>
        new(step.Kind, JsonSerializer.Deserialize<JsonElement>(step.Data), FormattableString.Invariant($"{step.Sequence}"));

    private static ServerSentEvent EventOf(Percentage latest) =>
        new(latest.Stage, latest.Progress is { } progress ? new { percent = latest.Percent, progress } : new { percent = latest.Percent });
}
