using System.Text.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Measures;

/// <summary>The outline of a track as the API gives it, and as it is stored.</summary>
/// <param name="Peaks">Greatest distance from silence in each of as many stretches of the track, 0–1.</param>
/// <param name="Min">The lowest sample, -1–0.</param>
/// <param name="Max">The highest one, 0–1.</param>
internal sealed record WaveformView(
    int Points, double DurationSeconds, IReadOnlyList<float> Peaks, IReadOnlyList<float> Min, IReadOnlyList<float> Max)
{
    /// <summary>The one that is made with the track; the finer one on demand.</summary>
    public static readonly FileSpec Usual = new(FileKind.Waveform, FileFormat.Json, 1000);

    public static readonly FileSpec Fine = new(FileKind.Waveform, FileFormat.Json, 8000);

    public static async Task WriteAsync(WaveformPeaks peaks, string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var view = new WaveformView(peaks.Min.Count, peaks.DurationSeconds,
            [.. peaks.Min.Zip(peaks.Max, (low, high) => MathF.Max(-low, high))], peaks.Min, peaks.Max);
        await JsonSerializer.SerializeAsync(file, view, JsonSerializerOptions.Web, cancellationToken);
    }

    public static async Task<WaveformPeaks> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var view = await JsonSerializer.DeserializeAsync<WaveformView>(file, JsonSerializerOptions.Web, cancellationToken)
            ?? throw new InvalidDataException($"{path} holds no outline.");
        return new WaveformPeaks(view.DurationSeconds, view.Min, view.Max);
    }
}
