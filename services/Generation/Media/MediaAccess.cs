using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Who may fetch what: by bearer token, by signed address, or anybody for what is not private.</summary>
internal sealed class MediaAccess(GenerationDb db, MediaUrls urls)
{
    /// <summary>The track and who asks (null: anybody), if the caller may hear it.</summary>
    /// <param name="kind">The last part of the path, which the signature is bound to.</param>
    /// <param name="format">The format that was asked for.</param>
    /// <exception cref="ProblemException">401 when signing in might help, 404 when it is not there for this caller.</exception>
    public async Task<(Track Track, Guid? Viewer)> RequireAsync(HttpContext http, Guid id, string kind, string format)
    {
        var bearer = http.User.IdOrNull();
        var track = await db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, http.RequestAborted);
        if (track?.IsVisibleTo(bearer) == true)
            return (track, bearer);
        var viewer = bearer ?? urls.ViewerOf(http.Request, id, kind, format)
            ?? throw Problem.Of(401, "unauthorized", "Sign in, or use the signed address from the generation's files.");
        return track?.IsVisibleTo(viewer) == true ? (track, viewer) : throw Problem.NotFound("generation");
    }

    /// <summary>The finished track, if the caller may hear it.</summary>
    public async Task<Track> RequireFinishedAsync(HttpContext http, Guid id, string kind, string format)
    {
        var (track, _) = await RequireAsync(http, id, kind, format);
        return RequireFinished(track);
    }

    /// <exception cref="ProblemException">404: nothing is served of what is not finished.</exception>
    public static Track RequireFinished(Track track)
    {
        return track.Status switch
        {
            TrackStatus.Completed => track,
            TrackStatus.Failed or TrackStatus.Cancelled => throw Problem.NotFound("file"),
            _ => throw Problem.Of(404, "not-ready", "This track is not finished yet; follow its events.", TimeSpan.FromSeconds(2)),
        };
    }
}
