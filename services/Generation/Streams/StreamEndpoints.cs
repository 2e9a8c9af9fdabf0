using System.Security.Claims;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Generation.Streams;

/// <summary>Live progress as Server-Sent Events.</summary>
internal static class StreamEndpoints
{
    /// <summary>Maps <c>events</c> of one generation and of all of a member's.</summary>
    public static IEndpointRouteBuilder MapStreams(this IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/api/generations").WithTags("Generations").RequireAuthorization();
        all.MapGet("/events", FollowAll);
        all.MapGet("/{id:guid}/events", FollowAsync);
        return app;
    }

    [EndpointName("FollowGeneration"), EndpointSummary("Progress as Server-Sent Events")]
    [EndpointDescription(
        "First a snapshot; then queued, composing, preview, rendering {percent}, mastering, and at the end completed, failed or "
        + "cancelled. "
        + "Of a track that is being restored from the archive: restoring {percent}, and at the end restored or restore-failed {reasonCode: not-restored}.")]
    private static async Task<ServerSentEvents> FollowAsync(
        Guid id, LastEventId last, ClaimsPrincipal user, VisibleTracks tracks, JobStream stream, CancellationToken cancellationToken)
    {
        var track = await tracks.RequireAsync(id, Viewer.Of(user), cancellationToken);
        return new ServerSentEvents(stream.FollowAsync(track, Viewer.Of(user), last.Number, cancellationToken));
    }

    [EndpointName("FollowGenerations"), EndpointSummary("Progress of all of the caller's jobs in one stream")]
    [EndpointDescription(
        "First a snapshot of the jobs under way; then every step of any of them, with generationId and sequence, and with an id to "
        + "resume after. The stream does not end.")]
    private static ServerSentEvents FollowAll(LastEventId last, ClaimsPrincipal user, MemberStream stream) =>
        new(stream.FollowAsync(Viewer.Of(user), last.Number));
}
