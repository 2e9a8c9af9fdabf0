using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Covers;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Measures;

/// <summary>A track's cover: drawn of its outline, its form and its mood, fixed by its seed.</summary>
internal static class TrackCover
{
    /// <summary>Width of the picture for link previews, 1200 × 630; all others are squares.</summary>
    public const int OpenGraph = 1200;

    private const double UsualEnergy = 0.5;

    public static CoverArt Of(string plan, string? provider, int seed, WaveformPeaks peaks)
    {
        var seconds = Math.Max(peaks.DurationSeconds, 1);
        var sections = StudioProvider.PlanOf(plan, provider)?.Form.Select(
            s => new CoverSection(Math.Clamp(s.StartSeconds / seconds, 0, 1), s.Energy)).ToList() ?? [];
        return new CoverArt(new CoverSubject(PlanView.Of(plan)?.Mood
            ?? "", peaks.Heights, sections.Count > 0 ? sections : [new CoverSection(0, UsualEnergy)], seed));
    }

    /// <summary>The file of a cover.</summary>
    public static byte[] Draw(Track track, WaveformPeaks peaks, FileSpec spec) =>
        Of(track.Plan ?? "{}", track.Provider, track.Request.Seed, peaks).Render(
        spec.Variant == OpenGraph
            ? CoverSize.OpenGraph
            : CoverSize.Square(spec.Variant), spec.Format == FileFormat.Png ? CoverFormat.Png : CoverFormat.WebP);
}
