using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Rendering;

/// <summary>Turns a score into a mastered recording.</summary>
/// <remarks>
/// Two passes with the dry parts on disk in between, because a part can be brought to its place in the mix only once its loudness is known:
/// presets of one SoundFont differ by 25 dB. Memory does not grow with length or number of parts. Safe to call for several songs at once.
/// </remarks>
public sealed class Renderer(StudioTools tools)
{
    /// <summary>Renders <paramref name="score"/> into <see cref="RenderOptions.OutputDirectory"/>.</summary>
    /// <exception cref="ArgumentException">The score has no parts.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: children are dead and nothing is left of what was begun.</exception>
    public async Task<RenderResult> RenderAsync(
        Score score, RenderOptions options, IProgress<RenderProgress>? progress, CancellationToken ct)
    {
        if (score.Parts.Count == 0)
        {
            throw new ArgumentException("A score needs at least one part.", nameof(score));
        }

        ct.ThrowIfCancellationRequested();
        Directory.CreateDirectory(options.OutputDirectory);
        using var files = new RenderFiles(options.OutputDirectory);
        // Off the caller's thread: synthesis and mix are plain computation.
        return await Task.Run(() => new RenderRun(tools, new Ffmpeg(tools.Ffmpeg), score, options, files, progress, ct).ExecuteAsync(), ct);
    }
}
