namespace Son1kVers3.Studio.Lyrics;

/// <summary>Divides words into syllables for singing.</summary>
public static class Syllables
{
    private const string SpanishStrong = "aeoáéíóú";
    private const string SpanishVowels = "aeiouáéíóúü";
    private const string EnglishVowels = "aeiouyáéíóúàèìòùâêîôûäëïöü";

    private static readonly HashSet<string> SpanishClusters = new(StringComparer.Ordinal)
    {
        "bl", "br", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "tr", "ch", "ll", "rr", "qu", "gu",
    };

    private static readonly HashSet<string> EnglishClusters = new(StringComparer.Ordinal)
    {
        "bl", "br", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "tr", "ch", "sh", "th", "ph", "wh", "st", "sp", "sc", "sk", "sl",
        "sm", "sn", "sw", "tw", "qu", "ck",
    };

    /// <summary>The syllables of a word, in its own letters. A word without vowels is one syllable.</summary>
    /// <param name="language"><c>es</c> or <c>en</c>.</param>
    public static IReadOnlyList<string> Of(string word, string language) =>
        language == "es" ? Split(word, SpanishNuclei(word.ToLowerInvariant()), SpanishClusters)
            : Split(word, EnglishNuclei(word.ToLowerInvariant()), EnglishClusters);

    // Diphthongs stay together unless both vowels are strong or the weak one is stressed (RAE, Ortografía, 2.1).
    private static List<(int Start, int End)> SpanishNuclei(string word)
    {
        var nuclei = new List<(int Start, int End)>();
        for (var i = 0; i < word.Length; i++)
        {
            var finalY = word[i] == 'y' && i == word.Length - 1 && word.Length > 1;
            var silent = word[i] == 'u' && i > 0 && i + 1 < word.Length
                && (word[i - 1] == 'q' || (word[i - 1] == 'g' && "eiéí".Contains(word[i + 1])));
            if ((!SpanishVowels.Contains(word[i]) && !finalY) || silent)
            {
                continue;
            }

            var joins = nuclei.Count > 0 && nuclei[^1].End == i
                && !(SpanishStrong.Contains(word[i]) && SpanishStrong.Contains(word[i - 1]));
            if (joins)
            {
                nuclei[^1] = (nuclei[^1].Start, i + 1);
            }
            else
            {
                nuclei.Add((i, i + 1));
            }
        }

        if (nuclei.Count == 0 && word is "y")
        {
            nuclei.Add((0, 1));
        }

        return nuclei;
    }

    private static List<(int Start, int End)> EnglishNuclei(string word)
    {
        var letters = word.TrimEnd(',', '.', '!', '?', ';', ':', '"', '\'', ')');
        var nuclei = new List<(int Start, int End)>();
        for (var i = 0; i < letters.Length; i++)
        {
            var consonantY = letters[i] == 'y' && i + 1 < letters.Length && EnglishVowels.Contains(letters[i + 1])
                && (i == 0 || !EnglishVowels.Contains(letters[i - 1]));
            if (!EnglishVowels.Contains(letters[i]) || consonantY)
            {
                continue;
            }

            var hiatus = i > 0 && letters[(i - 1)..(i + 1)] is "ia" or "io" or "eo" or "ua" or "uo"
                && !(letters[(i - 1)..(i + 1)] == "io" && i >= 2 && letters[i - 2] is 't' or 's' or 'c' or 'g')
                && !(letters[i - 1] == 'u' && i >= 2 && letters[i - 2] == 'q');
            if (nuclei.Count > 0 && nuclei[^1].End == i && !hiatus)
            {
                nuclei[^1] = (nuclei[^1].Start, i + 1);
            }
            else
            {
                nuclei.Add((i, i + 1));
            }
        }

        DropSilent(letters, nuclei);
        return nuclei;
    }

    // "time", "times", "loved" have a mute e; "little", "wanted", "kisses" sound it.
    private static void DropSilent(string word, List<(int Start, int End)> nuclei)
    {
        if (nuclei.Count < 2)
        {
            return;
        }

        var (start, end) = nuclei[^1];
        var ending = word[start..];
        var before = word[start - 1];
        var mute = ending switch
        {
            "e" => !(before == 'l' && start >= 2 && !EnglishVowels.Contains(word[start - 2])),
            "es" => !("sxz".Contains(before) || word[..start].EndsWith("ch", StringComparison.Ordinal)
                || word[..start].EndsWith("sh", StringComparison.Ordinal) || before is 'c' or 'g'),
            "ed" => before is not ('t' or 'd'),
            _ => false,
        };
        if (mute && end - start == 1)
        {
            nuclei.RemoveAt(nuclei.Count - 1);
        }
    }

    private static IReadOnlyList<string> Split(string word, List<(int Start, int End)> nuclei, HashSet<string> clusters)
    {
        if (nuclei.Count < 2)
        {
            return [word];
        }

        var parts = new List<string>(nuclei.Count);
        var from = 0;
        for (var i = 0; i + 1 < nuclei.Count; i++)
        {
            var gap = nuclei[i + 1].Start - nuclei[i].End;
            var cluster = gap >= 2 && clusters.Contains(word.Substring(nuclei[i + 1].Start - 2, 2).ToLowerInvariant());
            // "lit-tle", "can-dle": the consonant goes with the final le.
            var final = gap >= 2 && i + 2 == nuclei.Count && clusters == EnglishClusters
                && word[(nuclei[i + 1].Start - 1)..].StartsWith("le", StringComparison.OrdinalIgnoreCase);
            var onset = gap == 0 ? 0 : cluster || final ? 2 : 1;
            var cut = nuclei[i + 1].Start - onset;
            parts.Add(word[from..cut]);
            from = cut;
        }

        parts.Add(word[from..]);
        return parts;
    }
}
