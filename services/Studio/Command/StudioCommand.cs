using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Studio.Command;

/// <summary>The studio at the command line: a prompt in, a file out.</summary>
internal static class StudioCommand
{
    /// <summary>Composes and, unless notes were asked for, renders. Returns the exit code.</summary>
    public static async Task<int> RunAsync(StudioRequest request, string output, StudioQuality quality, CancellationToken ct)
    {
        var plan = Planner.Read(request);
        Console.WriteLine($"{plan.Genre}, {plan.Mood}, {plan.Key}, {plan.Tempo} bpm, {plan.TimeSignature}");
        Console.WriteLine(string.Join(", ", plan.Form.Select(section => $"{section.Section} {section.Bars}")));
        Console.WriteLine(string.Join(", ", plan.Instruments));
        var score = Composer.Compose(plan);
        if (Path.GetExtension(output).ToLowerInvariant() is ".mid" or ".midi")
        {
            await File.WriteAllBytesAsync(output, MidiFile.Write(score), ct);
            return 0;
        }

        if (Path.GetExtension(output).ToLowerInvariant() is ".musicxml" or ".xml")
        {
            await File.WriteAllTextAsync(output, MusicXml.Write(score), ct);
            return 0;
        }

        var report = StudioTools.Find();
        if (report.Tools is null)
        {
            await Console.Error.WriteLineAsync(report.Explanation);
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("son1k-");
        try
        {
            var genre = GenreCatalog.Find(plan.Genre)!;
            var options = plan.RenderOptions(quality, folder.FullName) with { PreviewSeconds = 0 };
            var rendered = await new Renderer(report.Tools).RenderAsync(score, options, null, ct);
            var format = Enum.TryParse<AudioFormat>(Path.GetExtension(output).TrimStart('.'), ignoreCase: true, out var known) ? known
                : AudioFormat.Mp3;
            var tags = new TrackTags(plan.Title, "Son1kVers3", genre.Name.En, plan.Tempo, plan.Key.Name, Guid.CreateVersion7());
            await new AudioEncoder(report.Tools).EncodeAsync(rendered.MasterPath, output, format, quality, tags, ct);
            Console.WriteLine(FormattableString.Invariant(
                $"{rendered.DurationSeconds:0.0} s, {rendered.LoudnessLufs:0.0} LUFS, {rendered.TruePeakDbtp:0.0} dBTP"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
