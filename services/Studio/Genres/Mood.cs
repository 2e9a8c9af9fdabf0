using System.Text.Json;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Genres;

/// <summary>A mood: its words in a prompt and where it pulls the music.</summary>
/// <param name="Words">Spanish and English, lower case, without accents.</param>
/// <param name="Energy">Added to the genre's energy.</param>
/// <param name="Minor">Added to the chance of a minor key.</param>
/// <param name="Tempo">−1 … 1: from the genre's usual tempo towards its slowest or fastest.</param>
/// <param name="Genre">Style when nothing else says one.</param>
public sealed record Mood(string Slug, IReadOnlyList<string> Words, double Energy, double Minor, double Tempo, string Genre);

/// <summary>The moods by slug.</summary>
public static class MoodCatalog
{
    private static readonly Lazy<IReadOnlyList<Mood>> Loaded = new(Load);

    public static IReadOnlyList<Mood> All => Loaded.Value;

    /// <summary>The mood by slug or one of its words; null when there is none.</summary>
    public static Mood? Find(string? word)
    {
        var plain = Words.Plain(word ?? "");
        return All.FirstOrDefault(mood => mood.Slug == plain)
            ?? All.FirstOrDefault(mood => mood.Words.Contains(plain, StringComparer.Ordinal));
    }

    private static List<Mood> Load()
    {
        using var stream = typeof(MoodCatalog).Assembly.GetManifestResourceStream("moods.json")!;
        return JsonSerializer.Deserialize<List<Mood>>(stream, GenreCatalog.Json)!;
    }
}
