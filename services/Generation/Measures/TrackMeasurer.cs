using Son1kVers3.Generation.Files;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Measures;

/// <summary>What is told of a track to those who list, draw and compare it.</summary>
/// <param name="Palette">The five colours of its cover, <c>#RRGGBB</c>.</param>
/// <param name="Peaks">64 numbers 0–100, the loudest stretch 100.</param>
/// <param name="Features">32 numbers, see <see cref="TrackFeatures"/>.</param>
/// <param name="Outline">The stored waveform.</param>
internal sealed record Measurements(string[] Palette, int[] Peaks, float[] Features, WaveformPeaks Outline);

/// <summary>Measures finished tracks, in one decoding of the master.</summary>
internal sealed class TrackMeasurer(StudioToolbox toolbox)
{
    /// <summary>Tracks that an earlier version measured are measured and announced again.</summary>
    public const int Version = 1;

    private const int CardPeaks = 64;

    /// <param name="sound">The master, or what is left of it.</param>
    /// <param name="plan">The provider's plan, JSON.</param>
    public async Task<Measurements> MeasureAsync(string sound, string plan, string? provider, int seed, CancellationToken cancellationToken)
    {
        var (outlines, features) = await new Waveform(toolbox.Tools)
            .PeaksAndFeaturesAsync(sound, [WaveformView.Usual.Variant, CardPeaks], cancellationToken);
        return new Measurements([.. TrackCover.Of(plan, provider, seed, outlines[0]).Palette], ToPeaks(outlines[1]), features, outlines[0]);
    }

    /// <summary>Whole numbers relative to the loudest stretch; silence is 0.</summary>
    internal static int[] ToPeaks(WaveformPeaks outline)
    {
        var heights = outline.Min.Zip(outline.Max, (low, high) => MathF.Max(-low, high)).ToArray();
        var loudest = heights.DefaultIfEmpty().Max();
        return [.. heights.Select(height => loudest <= 0 ? 0 : (int)MathF.Round(height / loudest * 100))];
    }
}
