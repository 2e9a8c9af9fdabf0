namespace Son1kVers3.Studio.Singing;

/// <summary>Divides a word's phonemes among the syllables that the melody gives it. Phonemes are espeak-ng's mnemonics.</summary>
internal static class Phonemes
{
    private const string VowelStarts = "aAeEiIoOuU0V3@Q&";
    private const string Liquids = "rlRwj*";

    /// <summary>Before the vowel; no language begins a syllable with more.</summary>
    private const int LongestOnset = 4;

    /// <summary>As many groups as <paramref name="syllables"/>, none longer than can be spoken at once.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Divide(IReadOnlyList<string> phonemes, int syllables)
    {
        var groups = Split(phonemes);
        // Hiatus sung as one.
        while (groups.Count > syllables)
        {
            groups[^2].AddRange(groups[^1]);
            groups.RemoveAt(groups.Count - 1);
        }

        // Melisma: the last vowel is carried on, the coda comes at its end.
        while (groups.Count < syllables)
        {
            var last = groups[^1];
            var vowel = Math.Max(0, last.FindLastIndex(IsVowel));
            groups.Add([.. last.Skip(vowel)]);
            last.RemoveRange(Math.Min(last.Count, vowel + 1), Math.Max(0, last.Count - vowel - 1));
        }

        return [.. groups.Select(Sung)];
    }

    private static bool IsVowel(string phoneme) => phoneme.TrimStart('\'', ',') is { Length: > 0 } bare && VowelStarts.Contains(bare[0]);

    private static List<List<string>> Split(IReadOnlyList<string> phonemes)
    {
        var groups = new List<List<string>>();
        var pending = new List<string>();
        foreach (var phoneme in phonemes)
        {
            if (!IsVowel(phoneme))
            {
                pending.Add(phoneme);
                continue;
            }

            var onset = groups.Count == 0 ? pending.Count : OnsetLength(pending);
            if (groups.Count > 0)
            {
                groups[^1].AddRange(pending.Take(pending.Count - onset));
            }

            groups.Add([.. pending.TakeLast(onset), phoneme]);
            pending.Clear();
        }

        if (groups.Count == 0)
        {
            groups.Add([]);
        }

        groups[^1].AddRange(pending);
        return groups;
    }

    // V-CV, VC-CV, but V-CLV when the second is a liquid or glide.
    private static int OnsetLength(List<string> between) => between.Count switch
    {
        0 => 0,
        1 => 1,
        _ => Liquids.Contains(between[^1][0]) ? 2 : 1,
    };

    // Every sung syllable is a stressed one: an unstressed vowel would be too short and dull to hold.
    private static IReadOnlyList<string> Sung(List<string> group)
    {
        var vowel = group.FindIndex(IsVowel);
        return [.. group.Select((phoneme, i) => (i == vowel ? "'" : "") + phoneme.TrimStart('\'', ','))
            .Skip(Math.Max(0, vowel - LongestOnset)).Take(Espeak.MostPhonemes)];
    }
}
