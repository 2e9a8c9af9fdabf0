namespace Son1kVers3.Studio.Scores;

/// <summary>Reads key names word by word, in English letters and in the syllables Spanish uses.</summary>
internal static class KeyWords
{
    private static readonly Dictionary<string, int> Syllables = new(StringComparer.Ordinal)
    {
        ["do"] = 0,
        ["re"] = 2,
        ["mi"] = 4,
        ["fa"] = 5,
        ["sol"] = 7,
        ["la"] = 9,
        ["si"] = 11,
    };

    private static readonly int[] Letters = [9, 11, 0, 2, 4, 5, 7];

    /// <summary>
    /// Reads a key from the start of <paramref name="words"/> (lower case); <paramref name="used"/> says how many words it took.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<string> words, out Key key, out int used)
    {
        key = default;
        used = 0;
        if (words.Length == 0 || !TryTonic(words[0], out var tonic, out bool? minor))
        {
            return false;
        }

        used = 1;
        if (used < words.Length && Accidental(words[used]) is { } shift)
        {
            tonic += shift;
            used++;
        }

        if (used < words.Length && Mode(words[used]) is { } mode)
        {
            minor = mode;
            used++;
        }

        key = Key.Of(tonic, minor ?? false);
        return true;
    }

    /// <summary>Whether the word names a mode: true for minor, false for major, null for neither.</summary>
    public static bool? Mode(string word) => word switch
    {
        "minor" or "min" or "m" or "menor" => true,
        "major" or "maj" or "mayor" => false,
        _ => null,
    };

    private static int? Accidental(string word) => word switch
    {
        "sharp" or "#" or "sostenido" => 1,
        "flat" or "b" or "bemol" => -1,
        _ => null,
    };

    private static bool TryTonic(string word, out int tonic, out bool? minor)
    {
        minor = null;
        tonic = 0;
        var rest = word;
        if (word.EndsWith('m') && word.Length > 1)
        {
            minor = true;
            rest = word[..^1];
        }

        var shift = 0;
        if (rest.Length > 1 && rest[^1] is '#' or 'b')
        {
            shift = rest[^1] == '#' ? 1 : -1;
            rest = rest[..^1];
        }

        if (Syllables.TryGetValue(rest, out tonic))
        {
            tonic += shift;
            return true;
        }

        if (rest.Length == 1 && rest[0] is >= 'a' and <= 'g')
        {
            tonic = Letters[rest[0] - 'a'] + shift;
            return true;
        }

        return false;
    }
}
