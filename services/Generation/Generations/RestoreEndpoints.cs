using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Generations;

/// <summary>Back from the archive.</summary>
internal static class RestoreEndpoints
{
    /// <summary>Maps <c>restore</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapRestore(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/generations/{id:guid}/restore", RestoreAsync).WithTags("Generations").RequireAuthorization().Refuses(409);
        return app;
    }

    [EndpointName("RestoreGeneration"), EndpointSummary("Bring it back from the archive")]
    [EndpointDescription(
        "For whoever may hear the track. 202: it is being restored; follow its events (restoring {percent}, then restored or "
        + "restore-failed), or see restoring in the generation. "
        + "Again: the same. Not in the archive: 200, nothing to do. 409 not-finished. "
        + "Asking for the audio restores, too, and waits for it.")]
    private static async Task<Results<Ok<GenerationView>, Accepted<GenerationView>>> RestoreAsync(
        Guid id, ClaimsPrincipal user, VisibleTracks tracks, Restorer restorer, GenerationViews views)
    {
        var viewer = Viewer.Of(user);
        var track = await tracks.RequireAsync(id, viewer);
        if (track.Status != TrackStatus.Completed)
            throw Problem.Of(409, "not-finished", "Only a finished track can be in the archive.");
        if (track.ArchivedAt is not null)
        {
            await restorer.RequestAsync(id, user.Id());
            track = await tracks.RequireAsync(id, viewer);
        }

        var view = await views.OfAsync(track, viewer, CancellationToken.None);
        return track.ArchivedAt is null ? TypedResults.Ok(view) : TypedResults.Accepted($"/api/generations/{id}", view);
    }
}
