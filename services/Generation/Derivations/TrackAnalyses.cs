using System.Text.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Derivations;

/// <summary>What is heard in finished tracks: measured when it is first asked for, and kept with a track's files.</summary>
internal sealed class TrackAnalyses(DerivedFiles files, StudioToolbox toolbox)
{
    /// <summary>
    /// Null for an archived track that nobody listened to before (it is not brought back for this), and while the studio's tools are
    /// missing.
    /// </summary>
    public async Task<TrackAnalysis?> OfAsync(Track track, Viewer viewer, CancellationToken cancellationToken)
    {
        var mayMake = track.ArchivedAt is null && toolbox.Report.Tools is not null;
        var found = mayMake ? await files.GetAsync(track, FileSpec.Analysis, viewer, cancellationToken)
            : await files.FindAsync(track, FileSpec.Analysis, cancellationToken);
        if (found is null)
            return null;
        await using var stream = File.OpenRead(found.Path);
        return await JsonSerializer.DeserializeAsync<TrackAnalysis>(stream, JsonSerializerOptions.Web, cancellationToken);
    }
}
