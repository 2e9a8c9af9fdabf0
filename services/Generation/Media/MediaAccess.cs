using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Who may fetch what: by bearer token, by signed address, or anybody for what everybody may hear.</summary>
internal sealed class MediaAccess(VisibleTracks tracks, CompletedTracks completed, MediaUrls urls)
{
    /// <summary>The track and who asks, if the caller may hear it.</summary>
    /// <param name="kind">The last part of the path, which the signature is bound to.</param>
    /// <param name="format">The format that was asked for.</param>
    /// <exception cref="ProblemException">401 when signing in might help, 404 when it is not there for this caller.</exception>
    public async Task<(Track Track, Viewer Viewer)> RequireAsync(HttpContext http, Guid id, string kind, string format)
    {
        var viewer = Viewer.Of(http.User);
        var track = completed.Find(id) ?? await ReadAsync(id, http.RequestAborted);
        if (track is not null && await MayHearAsync(track, viewer, http.RequestAborted))
            return (track, viewer);
        if (viewer.UserId is not null)
            throw Problem.NotFound("generation");
        viewer = new Viewer(urls.ViewerOf(http.Request, id, kind, format)
            ?? throw Problem.Of(401, "unauthorized", "Sign in, or use the signed address from the generation's files."));
        return track is not null
            && await MayHearAsync(track, viewer, http.RequestAborted) ? (track, viewer) : throw Problem.NotFound("generation");
    }

    /// <summary>The finished track and who asks, if the caller may hear it.</summary>
    public async Task<(Track Track, Viewer Viewer)> RequireFinishedAsync(HttpContext http, Guid id, string kind, string format)
    {
        var (track, viewer) = await RequireAsync(http, id, kind, format);
        return (RequireFinished(track), viewer);
    }

    /// <exception cref="ProblemException">404: nothing is served of what is not finished.</exception>
    public static Track RequireFinished(Track track) => track.Status switch
    {
        TrackStatus.Completed => track,
        TrackStatus.Failed or TrackStatus.Cancelled => throw Problem.NotFound("file"),
        _ => throw Problem.Of(404, "not-ready", "This track is not finished yet; follow its events.", TimeSpan.FromSeconds(2)),
    };

    private async Task<Track?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var version = completed.Version;
        var track = await tracks.FindAsync(id, cancellationToken);
        if (track is not null)
            completed.Keep(track, version);
        return track;
    }

    private async Task<bool> MayHearAsync(Track track, Viewer viewer, CancellationToken cancellationToken) =>
        track.MayBeHeardBy(viewer, await tracks.HasClaimedAsync(track, viewer, cancellationToken));
}
