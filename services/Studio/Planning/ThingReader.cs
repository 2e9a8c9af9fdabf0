using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Tells the house by the sea from house music.</summary>
internal static class ThingReader
{
    private static readonly HashSet<string> MusicWords = new(StringComparer.Ordinal)
    {
        "music", "song", "songs", "track", "tracks", "beat", "beats", "groove", "tune", "tunes", "style", "vibe", "vibes", "anthem",
        "band", "riff", "sound", "feel", "instrumental", "loop",
        "mix", "remix", "banger", "hit", "number", "rhythm", "jam", "and", "&", "or", ",",
    };

    /// <summary>A genre's word after <c>my</c> or <c>the</c>, or before a preposition of place, where no word of music follows.</summary>
    public static bool IsThing(string[] words, string phrase, int at, int next)
    {
        if (!Common.Data.Things.Contains(phrase))
        {
            return false;
        }

        var before = at > 0 ? words[at - 1] : "";
        var after = next < words.Length ? words[next] : "";
        var owned = before is "my" or "your" or "our" or "his" or "her" or "their" or "this" or "the" or "into"
            || (before is "a" or "an" && after.Length > 0);
        return (owned && !IsMusic(words, next)) || after is "by" or "near" or "under" or "above" or "across" or "inside" or "behind";
    }

    private static bool IsMusic(string[] words, int i) =>
        i < words.Length
            && (MusicWords.Contains(words[i])
                || Lexicon.Default.At(words, i).Meanings.Any(meaning => meaning.Kind is not (MeaningKind.Filler or MeaningKind.Idiom)));
}
