using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Files that are made from a track's stored ones when they are first asked for, and kept.</summary>
/// <remarks>
/// Workers make them, in fair turns of members. A request waits for it only so long and holds nothing meanwhile; the work goes on without
/// it.
/// </remarks>
internal sealed class DerivedFiles(TrackFiles files, FileWaiters waiters, Restorer restorer, VisibleTracks tracks)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>A local copy of the file, made if need be.</summary>
    /// <exception cref="ProblemException">404: the track has gone. 503: it could not be made, or takes longer than a request
    /// should.</exception>
    public async Task<LocalFile> GetAsync(Track track, FileSpec spec, Viewer viewer, CancellationToken cancellationToken)
    {
        if (await FindAsync(track, spec, cancellationToken) is { } there)
            return there;
        var user = viewer.UserId ?? Guid.Empty;
        if (await NeedsMasterAsync(track, spec, cancellationToken)
            && await files.FindAsync(track, FileSpec.Master, cancellationToken) is null)
            await RestoreAsync(track, user, cancellationToken);
        await WaitAsync(track, spec, user, cancellationToken);
        return await FindAsync(track, spec, cancellationToken)
            ?? throw await GoneAsync(track, "file-failed", "This file could not be made; ask again.");
    }

    /// <summary>A local copy of a file that is stored, or null.</summary>
    public Task<LocalFile?> FindAsync(Track track, FileSpec spec, CancellationToken cancellationToken) =>
        files.FindAsync(track, spec, cancellationToken);

    /// <summary>What was written down with the track, with its present title in it; null where nothing was.</summary>
    public async Task<LocalFile?> FindWrittenAsync(Track track, FileSpec spec, Viewer viewer, CancellationToken cancellationToken) =>
        await files.FindAsync(track, spec, cancellationToken, anyTitle: true) is not { } written ? null
            : written.File.Title is null || written.File.Title == track.Title ? written
            : await GetAsync(track, spec, viewer, cancellationToken);

    /// <summary>A cover is drawn of the stored outline, where there is one.</summary>
    private async Task<bool> NeedsMasterAsync(Track track, FileSpec spec, CancellationToken cancellationToken) =>
        spec.Kind is FileKind.Audio or FileKind.Waveform or FileKind.Analysis
        || (spec.Kind == FileKind.Cover && await files.FindAsync(track, WaveformView.Usual, cancellationToken) is null);

    private async Task RestoreAsync(Track track, Guid user, CancellationToken cancellationToken)
    {
        // So that it is seen by those who watch the track.
        await restorer.RequestAsync(track.Id, user);
        await WaitAsync(track, FileSpec.Master, user, cancellationToken);
        if (await files.FindAsync(track, FileSpec.Master, cancellationToken) is null)
            throw await GoneAsync(
                track, "restore-failed", "This track could not be brought back from the archive. It is kept there; ask again.");
    }

    private async Task WaitAsync(Track track, FileSpec spec, Guid user, CancellationToken cancellationToken)
    {
        try
        {
            await waiters.WaitAsync(track.Id, spec, user, Timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw spec == FileSpec.Master
                ? Problem.Of(
                    503, "restoring", "This track is being brought back from the archive; follow its events, or ask again.", RetryAfter)
                : Problem.Unavailable("This file is being made; ask again.", RetryAfter);
        }
    }

    private async Task<ProblemException> GoneAsync(Track track, string slug, string detail) =>
        await tracks.FindAsync(track.Id) is null ? Problem.NotFound("generation") : Problem.Of(503, slug, detail, RetryAfter);
}
