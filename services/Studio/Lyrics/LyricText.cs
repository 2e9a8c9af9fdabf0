using System.Globalization;
using System.Text.RegularExpressions;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>
/// Lyrics as people paste them, made into what is sung: sections in square brackets, figures as words, neither chords nor times nor stage
/// directions.
/// </summary>
public static partial class LyricText
{
    private const int MostRepeats = 4;

    /// <summary>The text as <see cref="LyricSheet"/> reads it; cleaning what is clean changes nothing.</summary>
    /// <param name="language"><c>es</c> or <c>en</c>: how numbers are said.</param>
    public static string Clean(string text, string language)
    {
        var lines = new List<string>();
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = Times().Replace(raw, "").Trim();
            if (line.Length == 0 && raw.Trim().Length > 0)
            {
                continue;
            }

            var (kind, sung) = StructureWords.Read(WithoutChords(line));
            if (kind is not null)
            {
                lines.Add($"[{kind}]");
            }

            if (sung.Length > 0 || (line.Length == 0 && kind is null))
            {
                lines.AddRange(Repeated(sung, language == "es"));
            }
        }

        return string.Join('\n', lines).Trim('\n');
    }

    /// <summary>Whether there is a word to sing.</summary>
    public static bool HasWords(string cleaned) => LyricSheet.Parse(cleaned).Blocks.Any(block => block.Lines.Count > 0);

    // "We are one (x2)" is sung twice; a mark by itself is not sung.
    private static IEnumerable<string> Repeated(string line, bool spanish)
    {
        var mark = Repeat().Match(line);
        if (!mark.Success)
        {
            return [LyricNumbers.Spoken(line, spanish)];
        }

        var times = int.TryParse(mark.Groups["times"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Clamp(count, 1, MostRepeats) : 2;
        var said = LyricNumbers.Spoken(line[..mark.Index].Trim(), spanish);
        return said.Any(char.IsLetter) ? Enumerable.Repeat(said, times) : [];
    }

    // "[Am]Hello [G]world", and lines of nothing but chords.
    private static string WithoutChords(string line)
    {
        var words = Chords().Replace(line, "").Trim();
        var tokens = words.Split([' ', '\t', '|'], StringSplitOptions.RemoveEmptyEntries);
        return tokens.Length > 1 && tokens.All(token => Chord().IsMatch(token)) && tokens.Any(token => token is not ("A" or "Am")) ? ""
            : words;
    }

    // Of karaoke files: "[00:12.50]", "<00:12.50>", "[ar:Somebody]".
    [GeneratedRegex(@"[\[<]\d{1,2}:\d{2}(?:[.:]\d{1,3})?[\]>]|^\s*\[(?:ar|ti|al|au|by|re|ve|offset|length|la):[^\]]*\]\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Times();

    [GeneratedRegex(@"\[[A-G][#b♯♭]?(?:m|maj|min|dim|aug|sus|add)?\d{0,2}(?:sus\d|add\d|b5|#9|b9)?(?:/[A-G][#b♯♭]?)?\]")]
    private static partial Regex Chords();

    [GeneratedRegex(@"^[A-G][#b♯♭]?(?:m|maj|min|dim|aug|sus|add)?\d{0,2}(?:sus\d|add\d|b5|#9|b9)?(?:/[A-G][#b♯♭]?)?$")]
    private static partial Regex Chord();

    [GeneratedRegex(@"(?:^|\s)(?:[\(\[]\s*(?:[x×]\s?(?<times>\d)|(?<times>\d)\s?[x×]|(?<times>\d) (?:times|veces)|bis|repeat|repite"
        + @"|se repite)\s*[\)\]]|[x×]\s?(?<times>\d))\s*[.!]?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Repeat();
}
