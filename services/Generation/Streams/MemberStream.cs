using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Generation.Streams;

/// <summary>The progress of all of a member's jobs in one stream that does not end.</summary>
internal sealed class MemberStream(IServiceScopeFactory scopes, ProgressBus bus)
{
    private const int Batch = 200;

    /// <summary>How often the database is asked in case a message was lost, and when Redis is away.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FastPoll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>snapshot</c> with the jobs that are under way; then each step of any job with an id, <c>generationId</c> and <c>sequence</c> in
    /// its data, and percentages without an id.
    /// </summary>
    /// <param name="after">The id of the last step seen: what came since is told again. Null: from now on.</param>
    public async IAsyncEnumerable<ServerSentEvent> FollowAsync(
        Viewer viewer, long? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var member = viewer.UserId!.Value;
        // Only the latest percentages matter to one who reads slowly.
        var news = Channel.CreateBounded<Percentage?>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
        var unsubscribe = await bus.SubscribeMemberAsync(member, percentage => news.Writer.TryWrite(percentage));
        try
        {
            var (snapshot, position) = await ReadSnapshotAsync(viewer, cancellationToken);
            yield return new ServerSentEvent("snapshot", snapshot);
            // An id that this member's stream never gave begins with now.
            var last = after is null || after > position ? position : after.Value;
            while (true)
            {
                foreach (var step in await ReadStepsAsync(member, last, cancellationToken))
                {
                    yield return EventOf(step);
                    last = step.Position;
                }

                await WaitAsync(news.Reader, cancellationToken);
                while (news.Reader.TryRead(out var percentage))
                {
                    if (percentage is { Track: { } track })
                        yield return new ServerSentEvent(
                            percentage.Stage, new { generationId = track, percent = percentage.Percent, progress = percentage.Progress });
                }
            }
        }
        finally
        {
            await unsubscribe();
        }
    }

    private async Task WaitAsync(ChannelReader<Percentage?> news, CancellationToken cancellationToken)
    {
        using var poll = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        poll.CancelAfter(bus.IsConnected ? SlowPoll : FastPoll);
        try
        {
            await news.WaitToReadAsync(poll.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was heard for a while: the database is asked.
        }
    }

    private async Task<(MemberSnapshot Snapshot, long Position)> ReadSnapshotAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GenerationDb>();
        // In this order: a step that is committed between the two is told again, not missed.
        var position = await db.Set<MemberPosition>().Where(p => p.UserId == viewer.UserId).Select(p => (long?)p.Position)
            .FirstOrDefaultAsync(cancellationToken) ?? 0;
        var running = await db.Tracks.AsNoTracking().Where(t => t.UserId == viewer.UserId && t.DeletedAt == null
                && (t.Status == TrackStatus.Queued || t.Status == TrackStatus.Composing || t.Status == TrackStatus.Rendering
                    || t.Status == TrackStatus.Mastering))
            .OrderByDescending(t => t.Id).Take(Batch).ToListAsync(cancellationToken);
        return (new MemberSnapshot(await scope.ServiceProvider.GetRequiredService<GenerationViews>()
            .OfAsync(running, viewer, cancellationToken)), position);
    }

    private async Task<List<TrackEvent>> ReadStepsAsync(Guid member, long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GenerationDb>().TrackEvents.AsNoTracking()
            .Where(e => e.UserId == member && e.Position > after).OrderBy(e => e.Position).Take(Batch).ToListAsync(cancellationToken);
    }

    private static ServerSentEvent EventOf(TrackEvent step)
    {
        var data = JsonNode.Parse(step.Data)!.AsObject();
        data["generationId"] = step.TrackId;
        data["sequence"] = step.Sequence;
        return new ServerSentEvent(step.Kind, data, FormattableString.Invariant($"{step.Position}"));
    }
}

/// <param name="Items">The jobs under way, newest first.</param>
internal sealed record MemberSnapshot(IReadOnlyList<GenerationView> Items);
