using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Tracks;

/// <summary>Finds the tracks that a caller may look at.</summary>
internal sealed class VisibleTracks(GenerationDb db)
{
    /// <summary>A track that is not deleted, whoever asks.</summary>
    public Task<Track?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, cancellationToken);

    /// <summary>A track that the viewer may see.</summary>
    /// <exception cref="ProblemException">404; for anybody 401, as signing in might help.</exception>
    public async Task<Track> RequireAsync(Guid id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var track = await FindAsync(id, cancellationToken);
        if (track?.MayBeSeenBy(viewer, await HasClaimedAsync(track, viewer, cancellationToken)) == true)
            return track;
        throw viewer.UserId is null ? Problem.Of(401, "unauthorized", "Sign in to see this track.") : Problem.NotFound("generation");
    }

    /// <exception cref="ProblemException">404, or 403 for what the caller may look at but not change.</exception>
    public async Task<Track> RequireOwnAsync(Guid id, Viewer viewer) => RequireOwn(await RequireAsync(id, viewer), viewer);

    /// <summary>The same for who takes it away: also one that is hidden, for it is theirs still.</summary>
    /// <exception cref="ProblemException">As above.</exception>
    public async Task<Track> RequireOwnToDeleteAsync(Guid id, Viewer viewer) =>
        await FindAsync(id) is { HiddenAt: not null } hidden && hidden.UserId == viewer.UserId ? hidden : await RequireOwnAsync(id, viewer);

    /// <exception cref="ProblemException">403.</exception>
    public static Track RequireOwn(Track track, Viewer viewer) =>
        track.UserId == viewer.UserId ? track : throw Problem.Of(403, "not-yours", "Only its owner can do this.");

    /// <summary>Asked only where it decides: of hidden tracks.</summary>
    public async Task<bool> HasClaimedAsync(Track track, Viewer viewer, CancellationToken cancellationToken) =>
        track.HiddenAt is not null && viewer.UserId is { } user
            && await db.Set<TrackClaim>().AnyAsync(c => c.TrackId == track.Id && c.UserId == user, cancellationToken);
}
