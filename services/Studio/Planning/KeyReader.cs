using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Finds a key among the words of a prompt without taking "in a club", "la mayor fiesta" or "mi hermana menor" for one.</summary>
internal static class KeyReader
{
    // Words after which "a" is an article.
    private static readonly HashSet<string> Articled = new(StringComparer.Ordinal)
    {
        "be", "is", "was", "become", "becomes", "like", "as", "just", "only", "such", "has", "have", "had", "makes", "make", "it's",
    };

    /// <summary>The key, or the mode alone (<c>minor key</c>, <c>en menor</c>).</summary>
    public static (Key? Key, bool? Minor) Read(string[] words)
    {
        bool? mode = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (KeyWords.TryRead(words.AsSpan(i), out var key, out var used) && IsMeant(words, i, used))
            {
                // "C# dorian", "modo frigio en mi".
                var church = (i + used < words.Length ? ChurchMode(words[i + used]) : null) ?? (i > 1 ? ChurchMode(words[i - 2]) : null);
                return (church is { } minor ? Key.Of(key.Tonic, minor) : key, church ?? key.Minor);
            }

            mode ??= KeyWords.Mode(words[i]) is { } plain && words[i].Length > 3 && IsMusical(words, i) ? plain : null;
        }

        return (null, mode);
    }

    internal static bool? ChurchMode(string word) => word switch
    {
        "dorian" or "dorico" or "phrygian" or "frigio" or "aeolian" or "eolico" or "eolio" or "locrian" or "locrio" => true,
        "ionian" or "jonico" or "lydian" or "lidio" or "mixolydian" or "mixolidio" => false,
        _ => null,
    };

    private static bool IsMeant(string[] words, int start, int used)
    {
        var last = words[start + used - 1];
        var before = start > 0 ? words[start - 1] : "";
        var next = start + used < words.Length ? words[start + used] : "";
        if (ChurchMode(next) is not null)
        {
            return true;
        }

        if (used > 1 && KeyWords.Mode(last) is not null)
        {
            // "in a minor key" names a mode, "in A minor" a key, "a major hit" neither; "la mayor parte" and "mi mayor miedo" neither.
            return words[start] switch
            {
                "a" => IsMinorLetter(words, start, start + used),
                "la" or "mi" or "si" => EndsThere(words, start + used) || (before is "en" && Means(words, start + used)),
                _ => true,
            };
        }

        // "Si bemol"; in "a flat tire" and "a sharp knife" it takes more.
        var accidental = used > 1 && last is "bemol" or "sostenido" or "flat" or "sharp";
        var named = before is "key" or "tonalidad" or "tono" or "tonality"
            || (before is "of" or "de" && start > 1 && words[start - 2] is "key" or "tonalidad" or "tono");
        // "blues en mi" ends with a key; "en mi casa" does not.
        var alone = before is "in" or "en" && next is "" or "," or "con" or "with" or "at" or "a" or "and" or "y";
        var spelled = words[start].Length > 1
            && (words[start].Contains('#', StringComparison.Ordinal) || (words[start].EndsWith('m') && words[start].Length <= 3));
        return named || alone || (accidental && words[start] != "a") || (spelled && words[start] != "am")
            || (words[start] == "am" && before is "in" or "en" or ",");
    }

    // The letter, where nothing follows or the music goes on; the article, where a noun does.
    private static bool IsMinorLetter(string[] words, int start, int next)
    {
        var before = start > 0 ? words[start - 1] : ",";
        if (Articled.Contains(before))
        {
            return false;
        }

        var after = next < words.Length ? words[next] : ",";
        if (after is "," or "with" or "at" or "and" or "on" or "for" or "from" or "to" or "then" or "&" || char.IsAsciiDigit(after[0]))
        {
            return true;
        }

        var hit = words.Skip(next).Take(3)
            .Any(word => word is "hit" or "smash" or "success" or "anthem" or "banger" or "milestone" or "comeback");
        var placed = !hit && before is "in" or "en" or "," or "key" or "of" or "tono" or "tonalidad";
        return placed
            && (after is "song" or "track" or "piece" or "tune" or "groove" or "feel" or "vibe" or "riff" or "progression" or "pentatonic"
                || EndsThere(words, next));
    }

    // What follows "la mayor" and "la menor" is a noun, unless nothing does or the sentence goes on.
    private static bool EndsThere(string[] words, int next) =>
        next >= words.Length || words[next] is "," or "con" or "y" or "a" or "para" or "sin" || char.IsAsciiDigit(words[next][0])
        || (Lexicon.Default.At(words, next).Meanings.Any(meaning =>
            meaning.Kind is MeaningKind.Genre or MeaningKind.Pace or MeaningKind.Tempo or MeaningKind.Mood) && words[next] != "fiesta");

    // A mode beside a word of music, or alone between commas.
    private static bool IsMusical(string[] words, int i)
    {
        var next = i + 1 < words.Length ? words[i + 1] : ",";
        var before = i > 0 ? words[i - 1] : ",";
        return next is "key" or "mode" or "chords" or "tonality" or "scale" or "harmony"
            || before is "modo" or "tono" or "tonalidad" or "acordes" or "escala" or "en" or "in"
            || (next == "," && before == ",") || Means(words, i + 1) || (i > 0 && Means(words, i - 1));
    }

    private static bool Means(string[] words, int i) =>
        i < words.Length
            && Lexicon.Default.At(words, i).Meanings.Any(
                meaning => meaning.Kind is MeaningKind.Genre or MeaningKind.Mood or MeaningKind.Pace or MeaningKind.Instrument);
}
