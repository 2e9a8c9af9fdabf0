using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Finds a key among the words of a prompt without taking "in a club" or "en la playa" for one.</summary>
internal static class KeyReader
{
    /// <summary>The key, or the mode alone (<c>minor key</c>, <c>en menor</c>).</summary>
    public static (Key? Key, bool? Minor) Read(string[] words)
    {
        bool? mode = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (KeyWords.TryRead(words.AsSpan(i), out var key, out var used) && IsMeant(words, i, used))
            {
                return (key, key.Minor);
            }

            mode ??= words[i] is "minor" or "menor" or "major" or "mayor" ? KeyWords.Mode(words[i]) : null;
        }

        return (null, mode);
    }

    private static bool IsMeant(string[] words, int start, int used)
    {
        var last = words[start + used - 1];
        var before = start > 0 ? words[start - 1] : "";
        var next = start + used < words.Length ? words[start + used] : "";
        if (used > 1 && KeyWords.Mode(last) is not null)
        {
            // "in a minor key" names a mode, "in A minor" a key.
            return words[start] != "a" || next is not ("key" or "mode" or "chord" or "chords" or "label");
        }

        var named = before is "key" or "tonalidad" or "tono" or "tonality" || (before is "of" or "de" && start > 1 && words[start - 2] is "key" or "tonalidad" or "tono");
        // "blues en mi" ends with a key; "en mi casa" does not.
        var alone = before is "in" or "en" && next is "" or "," or "con" or "with";
        var spelled = words[start].Length > 1 && (words[start].Contains('#', StringComparison.Ordinal) || (words[start].EndsWith('m') && words[start].Length <= 3));
        return named || alone || (spelled && words[start] != "am") || (words[start] == "am" && before is "in" or "en");
    }
}
