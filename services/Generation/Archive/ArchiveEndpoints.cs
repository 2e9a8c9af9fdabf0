using System.Security.Claims;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Archive;

/// <summary>Back from the archive.</summary>
internal static class ArchiveEndpoints
{
    /// <summary>Maps <c>restore</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapArchive(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/generations/{id:guid}/restore", RestoreAsync).WithTags("Generations").RequireAuthorization()
            .WithName("RestoreGeneration").Produces<GenerationView>(202).Produces<GenerationView>().Refuses(409).WithSummary("Bring it back from the archive")
            .WithDescription("For whoever may hear the track. 202: it is being restored; follow its events (restoring {percent}, then restored or restore-failed), or see restoring in the generation. "
                + "Again: the same. Not in the archive: 200, nothing to do. 409 not-finished. Asking for the audio restores, too, and waits for it.");
        return app;
    }

    private static async Task<IResult> RestoreAsync(Guid id, ClaimsPrincipal user, ShownTracks tracks, Thawing thawing, GenerationViews views)
    {
        var track = await tracks.RequireAsync(id, user.Id());
        if (track.Status != TrackStatus.Completed)
            throw Problem.Of(409, "not-finished", "Only a finished track can be in the archive.");
        if (track.ArchivedAt is not null)
        {
            await thawing.AskAsync(id);
            track = await tracks.RequireAsync(id, user.Id());
        }

        var view = await views.OfAsync(track, user.Id(), CancellationToken.None);
        return track.ArchivedAt is null ? TypedResults.Ok(view) : TypedResults.Accepted($"/api/generations/{id}", view);
    }
}
