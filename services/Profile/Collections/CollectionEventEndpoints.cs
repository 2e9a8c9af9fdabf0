using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Profile.Collections;

/// <summary>Collections as they change.</summary>
internal static class CollectionEventEndpoints
{
    // NOTIFY may be lost while its connection is made anew.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    public static void MapCollectionEvents(this WebApplication app) =>
        app.MapGet("/api/collections/{id:guid}/events", StreamAsync).WithTags("Collections").RequireAuthorization();

    [EndpointName("StreamCollection"), EndpointSummary("A collection as it changes")]
    [EndpointDescription(
        """
        Server-Sent Events: `snapshot` {collection, items: all in their order, each in a line}, then `updated` with the collection, `item-added`,
        `item-moved` and `item-voted` with the item as it is now, `item-removed` {id}, and `snapshot` again when the whole order changed; these have ids
        to resume after, and may come twice. `item-changed`: its track came into or out of sight, or is called otherwise. Items stand by `rank`, where
        votes order them first by `votes`. `gone` {id} ends the stream: deleted, or no longer the caller's to see.
        """)]
    private static ServerSentEvents StreamAsync(
        Guid id, LastEventId last, [FromServices] CollectionFollower follower, [FromServices] CollectionSignals signals, ClaimsPrincipal user) =>
        new(EventsAsync(id, user.Id(), last.Number, follower, signals));

    private static async IAsyncEnumerable<ServerSentEvent> EventsAsync(
        Guid id, Guid viewer, long? after, CollectionFollower follower, CollectionSignals signals,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Listens before it looks: what comes between the two is found by the next look.
        using var signal = signals.Listen(id);
        var snapshot = await follower.SnapshotAsync(id, viewer, cancellationToken) ?? throw Problem.NotFound("collection");
        yield return new ServerSentEvent("snapshot", snapshot);
        var (version, lines) = (Math.Min(after ?? long.MaxValue, snapshot.Collection.Version), snapshot.Items);
        while (await follower.AfterAsync(id, viewer, version, lines, cancellationToken) is { } step)
        {
            foreach (var told in step.Events)
                yield return told;
            (version, lines) = (step.Version, step.Lines);
            if (step.IsAll)
                await signal.WaitAsync(PollInterval, cancellationToken);
        }

        yield return new ServerSentEvent("gone", new CollectionGone(id));
    }
}
