using System.Text.Json;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Providers;

/// <summary>What the studio writes down of a piece besides its sound.</summary>
internal static class StudioPapers
{
    /// <summary>MIDI, MusicXML and, when words are sung, their times.</summary>
    /// <param name="offset">Seconds that the recording leaves out at the start.</param>
    public static async Task<IReadOnlyList<ProviderFile>> WriteAsync(Score score, double offset, string folder, CancellationToken stop)
    {
        var files = new List<ProviderFile> { new("midi", "mid", Path.Combine(folder, "score.mid")), new("score", "musicxml", Path.Combine(folder, "score.musicxml")) };
        await File.WriteAllBytesAsync(files[0].Path, MidiFile.Write(score), stop);
        await File.WriteAllTextAsync(files[1].Path, MusicXml.Write(score), stop);
        var words = WordTimings.Of(score).Select(w => new WordTiming(w.Word, Shift(w.StartSeconds), Shift(w.EndSeconds))).ToList();
        if (words.Count == 0)
            return files;
        files.Add(new ProviderFile("lyrics", "json", Path.Combine(folder, "lyrics.json")));
        await File.WriteAllBytesAsync(files[2].Path, JsonSerializer.SerializeToUtf8Bytes(new { voice = "synthetic", words }, JsonSerializerOptions.Web), stop);
        return files;

        double Shift(double seconds) => Math.Round(Math.Max(0, seconds - offset), 3);
    }
}
