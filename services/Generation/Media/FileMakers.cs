using System.IO.Compression;
using System.Text.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Generation.Media;

/// <summary>Makes one file of a track's stored ones.</summary>
internal sealed class FileMakers(TrackFiles files, Encoder encoder, StudioToolbox toolbox, StudioProvider studio)
{
    /// <summary>Writes the file to <paramref name="output"/>.</summary>
    public Task MakeAsync(Track track, FileSpec spec, string output, CancellationToken cancellationToken) => spec.Kind switch
    {
        FileKind.Audio => EncodeAsync(track, spec, output, cancellationToken),
        FileKind.Midi => RetitleAsync(track, spec, output, MidiTitle.Replace, cancellationToken),
        FileKind.Score => RetitleAsync(track, spec, output, ScoreTitle.Replace, cancellationToken),
        FileKind.Waveform => WriteWaveformAsync(track, spec.Variant, output, cancellationToken),
        FileKind.Cover => DrawCoverAsync(track, spec, output, cancellationToken),
        FileKind.Analysis => AnalyseAsync(track, output, cancellationToken),
        FileKind.Stems => RenderStemsAsync(track, output, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "Not made of other files."),
    };

    private async Task EncodeAsync(Track track, FileSpec spec, string output, CancellationToken cancellationToken) =>
        await encoder.EncodeAsync(
        await MasterOfAsync(track, cancellationToken), output, spec.Format, track.Quality, Encoder.Tags(
            track.Id, track.Title, TrackPlan.Of(track)), cancellationToken);

    private async Task RetitleAsync(
        Track track, FileSpec spec, string output, Func<byte[], string, byte[]> replace, CancellationToken cancellationToken)
    {
        var old = await files.FindAsync(track, spec, cancellationToken, anyTitle: true)
            ?? throw new FileNotFoundException($"There is no {spec} of {track.Id}.");
        await File.WriteAllBytesAsync(
            output, replace(await File.ReadAllBytesAsync(old.Path, cancellationToken), track.Title), cancellationToken);
    }

    private async Task WriteWaveformAsync(Track track, int points, string output, CancellationToken cancellationToken) =>
        await WaveformView.WriteAsync(await PeaksAsync(track, points, cancellationToken), output, cancellationToken);

    private async Task DrawCoverAsync(Track track, FileSpec spec, string output, CancellationToken cancellationToken)
    {
        // Drawn of the stored outline where there is one: nothing need be decoded.
        var outline = await files.FindAsync(track, WaveformView.Usual, cancellationToken);
        var peaks = outline is null ? await PeaksAsync(track, WaveformView.Usual.Variant, cancellationToken)
            : await WaveformView.ReadAsync(outline.Path, cancellationToken);
        await File.WriteAllBytesAsync(output, TrackCover.Draw(track, peaks, spec), cancellationToken);
    }

    private async Task AnalyseAsync(Track track, string output, CancellationToken cancellationToken)
    {
        var sections = StudioProvider.PlanOf(track)?.Form.Select(s => new SectionStart(s.Section, s.StartSeconds)).ToList() ?? [];
        var heard = await new TrackAnalyser(toolbox.Tools)
            .AnalyseAsync(await MasterOfAsync(track, cancellationToken), sections, cancellationToken);
        await using var file = File.Create(output);
        await JsonSerializer.SerializeAsync(file, heard, JsonSerializerOptions.Web, cancellationToken);
    }

    private async Task RenderStemsAsync(Track track, string output, CancellationToken cancellationToken)
    {
        var plan = StudioProvider.PlanOf(track) ?? throw new InvalidOperationException($"The composition of {track.Id} is not known.");
        var stems = await studio.RenderStemsAsync(
            plan, track.Quality, Path.Combine(Path.GetDirectoryName(output)!, "render"), cancellationToken);
        await using var zip = await ZipFile.OpenAsync(output, ZipArchiveMode.Create, cancellationToken);
        foreach (var stem in stems)
        {
            // FLAC does not get any smaller.
            await zip.CreateEntryFromFileAsync(stem.Path, Path.GetFileName(stem.Path), CompressionLevel.NoCompression, cancellationToken);
        }
    }

    private async Task<WaveformPeaks> PeaksAsync(Track track, int points, CancellationToken cancellationToken) =>
        (await new Waveform(toolbox.Tools).PeaksAsync(await MasterOfAsync(track, cancellationToken), [points], cancellationToken))[0];

    private async Task<string> MasterOfAsync(Track track, CancellationToken cancellationToken) =>
        (await files.FindAsync(track, FileSpec.Master, cancellationToken))?.Path
            ?? throw new FileNotFoundException($"The master of {track.Id} is in the archive, or gone.");
}
