using System.IO.Compression;
using System.Text.Json;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Providers;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio.Covers;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Media;

/// <summary>How each kind of file is made from a master.</summary>
internal sealed class FileMakers(Encoder encoder, StudioKit kit, StudioProvider studio)
{
    private const double UsualEnergy = 0.5;
    private const int CoverPoints = 1000;

    /// <exception cref="ProblemException">404: there is no such file of this track.</exception>
    public Task MakeAsync(Track track, string kind, string format, string master, string output) => (kind, format) switch
    {
        ("audio", _) => encoder.EncodeAsync(master, output, format, track.Quality, Encoder.Tags(track.Id, track.Title, PlanOf(track)), CancellationToken.None),
        ("waveform", "1000.json" or "8000.json") => WriteWaveformAsync(master, int.Parse(format[..4], System.Globalization.CultureInfo.InvariantCulture), output),
        ("cover", "square.png" or "og.png") => DrawCoverAsync(track, format == "og.png", master, output),
        ("analysis", "json") => AnalyseAsync(track, master, output),
        ("stems", "zip") => PressStemsAsync(track, output),
        _ => throw Problem.NotFound("file"),
    };

    internal static ProviderPlan PlanOf(Track track)
    {
        var plan = JsonSerializer.Deserialize<PlanView>(track.Plan ?? "{}", JsonSerializerOptions.Web)!;
        return new ProviderPlan(plan.Genre ?? track.Genre ?? "", plan.Mood, plan.Tempo, plan.Key ?? "", track.Plan ?? "{}");
    }

    private async Task WriteWaveformAsync(string master, int points, string output)
    {
        var peaks = (await new Waveform(kit.Tools).PeaksAsync(master, [points], CancellationToken.None))[0];
        await using var file = File.Create(output);
        var view = new WaveformView(points, peaks.DurationSeconds, [.. peaks.Min.Zip(peaks.Max, (low, high) => MathF.Max(-low, high))], peaks.Min, peaks.Max);
        await JsonSerializer.SerializeAsync(file, view, JsonSerializerOptions.Web);
    }

    private async Task DrawCoverAsync(Track track, bool wide, string master, string output)
    {
        var peaks = (await new Waveform(kit.Tools).PeaksAsync(master, [CoverPoints], CancellationToken.None))[0];
        var seconds = Math.Max(peaks.DurationSeconds, 1);
        var plan = StudioProvider.PlanOf(track);
        var sections = plan?.Form.Select(s => new CoverSection(Math.Clamp(s.StartSeconds / seconds, 0, 1), s.Energy)).ToList() ?? [];
        var subject = new CoverSubject(PlanOf(track).Mood ?? "", peaks.Heights, sections.Count > 0 ? sections : [new CoverSection(0, UsualEnergy)], track.Order.Seed);
        await File.WriteAllBytesAsync(output, new CoverArt(subject).Render(wide ? CoverSize.OpenGraph : CoverSize.Square(1024), CoverFormat.Png));
    }

    private async Task AnalyseAsync(Track track, string master, string output)
    {
        var sections = StudioProvider.PlanOf(track)?.Form.Select(s => new SectionStart(s.Section, s.StartSeconds)).ToList() ?? [];
        var heard = await new TrackAnalyser(kit.Tools).AnalyseAsync(master, sections, CancellationToken.None);
        await using var file = File.Create(output);
        await JsonSerializer.SerializeAsync(file, heard, JsonSerializerOptions.Web);
    }

    private async Task PressStemsAsync(Track track, string output)
    {
        var plan = StudioProvider.PlanOf(track);
        if (plan is null || plan.EngineVersion != Plan.CurrentEngine)
            throw Problem.Of(409, "stems-not-available", "This track was made by an earlier version of the studio, or elsewhere; its stems cannot be made any more.");
        var folder = Path.Combine(Path.GetDirectoryName(output)!, "render");
        var stems = await studio.RenderStemsAsync(plan, track.Quality, folder);
        await using var zip = await ZipFile.OpenAsync(output, ZipArchiveMode.Create, CancellationToken.None);
        foreach (var stem in stems)
        {
            // FLAC does not get any smaller.
            await zip.CreateEntryFromFileAsync(stem.Path, Path.GetFileName(stem.Path), CompressionLevel.NoCompression);
        }
    }
}

/// <param name="Peaks">Greatest distance from silence in each of as many stretches of the track, 0–1.</param>
/// <param name="Min">The lowest sample, -1–0.</param>
/// <param name="Max">The highest one, 0–1.</param>
internal sealed record WaveformView(int Points, double DurationSeconds, IReadOnlyList<float> Peaks, IReadOnlyList<float> Min, IReadOnlyList<float> Max);
