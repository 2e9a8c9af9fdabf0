using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Generations;

/// <summary>Finds the generations that a caller may look at: all of the caller's own, and of others the finished ones that are not private.</summary>
internal sealed class ShownTracks(GenerationDb db)
{
    /// <exception cref="ProblemException">404.</exception>
    public async Task<Track> RequireAsync(Guid id, Guid user, CancellationToken cancellationToken = default)
    {
        var track = await db.Tracks.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, cancellationToken);
        return track?.IsShownTo(user) == true ? track : throw Problem.NotFound("generation");
    }

    /// <exception cref="ProblemException">404, or 403 for what the caller may look at but not change.</exception>
    public async Task<Track> RequireOwnAsync(Guid id, Guid user) => RequireOwn(await RequireAsync(id, user), user);

    /// <exception cref="ProblemException">403.</exception>
    public static Track RequireOwn(Track track, Guid user) => track.UserId == user ? track : throw Problem.Of(403, "not-yours", "Only its owner can do this.");
}
