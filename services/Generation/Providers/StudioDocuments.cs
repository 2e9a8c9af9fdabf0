using System.Text.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Providers;

/// <summary>What the studio writes down of a piece besides its sound.</summary>
internal static class StudioDocuments
{
    /// <summary>MIDI, MusicXML and, when words are sung, their times.</summary>
    public static async Task<IReadOnlyList<ProviderFile>> WriteAsync(
        Score score, IReadOnlyList<WordTiming> words, string folder, CancellationToken stop)
    {
        var files = new List<ProviderFile> { new(FileSpec.Midi, Path.Combine(folder, "score.mid")),
            new(FileSpec.Score, Path.Combine(folder, "score.musicxml")) };
        await File.WriteAllBytesAsync(files[0].Path, MidiFile.Write(score), stop);
        await File.WriteAllTextAsync(files[1].Path, MusicXml.Write(score), stop);
        if (words.Count == 0)
            return files;
        files.Add(new ProviderFile(FileSpec.Lyrics, Path.Combine(folder, "lyrics.json")));
        var lyrics = new LyricsView(
            "synthetic", [.. words.Select(w => new WordTiming(w.Word, Math.Round(w.StartSeconds, 3), Math.Round(w.EndSeconds, 3)))]);
        await File.WriteAllBytesAsync(files[2].Path, JsonSerializer.SerializeToUtf8Bytes(lyrics, JsonSerializerOptions.Web), stop);
        return files;
    }
}

/// <param name="Voice">Always <c>synthetic</c>: nobody sang them.</param>
internal sealed record LyricsView(string Voice, IReadOnlyList<WordTiming> Words);
