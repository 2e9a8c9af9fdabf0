using System.Text.RegularExpressions;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>Tells lines that name a section from lines that are sung.</summary>
/// <remarks>
/// <c>[Verse 1]</c>, <c>{bridge}</c>, <c>(Verse 2)</c>, <c>CHORUS:</c>, <c>**Estribillo**</c>, <c>## Outro</c>, <c>Second verse</c>,
/// <c>Coro x2</c>,
/// <c>Chorus: we are one</c> (the rest of the line is sung), <c>{start_of_chorus}</c>. What stands in square or curly brackets is never
/// sung.
/// </remarks>
internal static partial class StructureWords
{
    private static readonly Dictionary<string, string> Kinds = Read(
        ("pre-chorus", "pre chorus|prechorus|pre coro|precoro|pre estribillo|preestribillo|pre hook|lift"),
        ("chorus",
        "chorus|refrain|hook|estribillo|coro|post chorus|postchorus|post coro|final chorus|last chorus|coro final|estribillo final|soc|"
            + "start of chorus"),
        ("verse",
        "verse|verso|estrofa|stanza|strophe|copla|couplet|rap|spoken|spoken word|hablado|recitado|sov|start of verse|verse chorus"),
        ("bridge", "bridge|puente|middle eight|middle 8|sob|start of bridge|c part"),
        ("intro", "intro|introduction|introduccion|entrada|opening|inicio"),
        ("outro", "outro|final|coda|cierre|ending|end|fin|the end|fade out|tag"),
        ("solo",
        "solo|instrumental|instrumental break|interlude|interludio|break|breakdown|drop|build|build up|buildup|guitar solo|piano solo|"
            + "sax solo|drum solo|music|musica"
            + "|solo de guitarra|solo de piano|puente instrumental|parte instrumental|instrumental solo|musical interlude|"
            + "interludio musical|instrumental section|riff"));

    // Words that are lines of a song as well: they are labels only where something marks them.
    private static readonly HashSet<string> Ambiguous = new(StringComparer.Ordinal)
    {
        "solo", "final", "break", "drop", "end", "fin", "the end", "build", "music", "musica", "lift", "tag", "rap", "opening", "inicio",
        "entrada", "cierre", "riff", "fade out",
        "spoken", "copla", "hablado", "ending",
    };

    private static readonly HashSet<string> Everyday = new(StringComparer.Ordinal) { "bridge", "puente", "coro", "verso", "hook", "intro",
        "outro", "coda", "stanza", "refrain" };

    private static readonly HashSet<string> Counting = new(StringComparer.Ordinal)
    {
        "one", "two", "three", "four", "five", "six", "uno", "dos", "tres", "cuatro", "cinco", "first", "second", "third", "fourth",
        "fifth", "1st", "2nd", "3rd", "4th", "primer",
        "primera", "primero", "segundo", "segunda", "tercer", "tercera", "tercero", "cuarta", "cuarto", "quinta", "last", "ultimo",
        "ultima", "i", "ii", "iii", "iv", "v", "vi", "a",
        "b", "c", "x", "x2", "x3", "x4", "2x", "3x", "4x", "repeat", "repeated", "repite", "bis",
    };

    /// <summary>
    /// What a line is: a section's kind and what of the line is sung under it; kind null for a line of a song, and nothing sung for a stage
    /// direction.
    /// </summary>
    public static (string? Kind, string Sung) Read(string line)
    {
        var inner = line.Trim();
        if (Bracketed().Match(inner) is { Success: true } bracketed)
        {
            // "[Verse 1: Ana]", "[Chorus - all]": who sings it is no structure.
            var name = bracketed.Groups["name"].Value;
            return (Kind(name) ?? Kind(name.Split([':', '-', '–', '—', ',', '(', '|'])[0])
                ?? Containing(name), bracketed.Groups["rest"].Value.Trim());
        }

        if (Colon().Match(inner) is { Success: true } colon && Kind(colon.Groups["name"].Value) is { } labelled)
        {
            return (labelled, colon.Groups["rest"].Value.Trim());
        }

        var bare = inner.Trim('*', '#', '=', '~', '-', '_', '<', '>', '|', '/', '•', '.', '—', '–', ' ', '(', ')', '"', '“', '”', '+');
        var kind = Kind(bare);
        var marked = bare.Length < inner.Length && inner.Length - bare.Length > inner.Count(c => c is '.' or '"' or '“' or '”');
        return kind is not null && (marked || Stands(bare)) ? (kind, "") : (null, line.Trim());
    }

    // Without any mark: a name with a number or in capitals, or one that is hardly a line of a song.
    private static bool Stands(string bare)
    {
        var words = Words.Split(bare);
        var name = string.Join(' ', words.Where(word => !IsCount(word)));
        var capitals = bare.Any(char.IsUpper) && !bare.Any(char.IsLower);
        return capitals
            || (!Ambiguous.Contains(name) && (words.Length > name.Split(' ').Length || !Everyday.Contains(name) || char.IsUpper(bare[0])));
    }

    private static string? Kind(string name)
    {
        var words = Words.Split(name.Replace('_', ' ')).Where(word => word != ",").ToList();
        if (words.Count is 0 or > 6)
        {
            return null;
        }

        return Kinds.GetValueOrDefault(string.Join(' ', words))
            ?? Kinds.GetValueOrDefault(string.Join(' ', words.Where(word => !IsCount(word))));
    }

    // "[Epic guitar solo]", "[Soft intro with piano]", "[Final chorus, louder]"; "[end of chorus]" ends one.
    private static string? Containing(string name)
    {
        var words = Words.Split(name.Replace('_', ' '));
        if (words.Contains("end") && words.Contains("of"))
        {
            return null;
        }

        for (var length = Math.Min(3, words.Length); length > 0; length--)
        {
            for (var start = 0; start + length <= words.Length; start++)
            {
                if (Kinds.TryGetValue(string.Join(' ', words, start, length), out var kind))
                {
                    return kind;
                }
            }
        }

        return null;
    }

    private static bool IsCount(string word) => Counting.Contains(word) || word.All(char.IsAsciiDigit);

    private static Dictionary<string, string> Read(params (string Kind, string Names)[] entries) =>
        entries.SelectMany(entry => entry.Names.Split('|').Select(name => (Name: Words.Plain(name), entry.Kind)))
            .ToDictionary(entry => entry.Name, entry => entry.Kind, StringComparer.Ordinal);

    [GeneratedRegex(@"^[*#\s]*[\[\{【](?<name>[^\]\}】]{0,120})[\]\}】]\s*[:*]*(?<rest>.*)$")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"^[*#\-=\s(<]*(?<name>[\p{L}\d][\p{L}\d .\-']{0,30}?(?:\s?\(x?\d x?\))?)\s*[)>*]*\s*[:：][*]*(?<rest>.*)$")]
    private static partial Regex Colon();
}
