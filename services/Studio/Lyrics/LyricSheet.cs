using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>A stanza: the kind of section that sings it, and its lines.</summary>
public sealed record LyricBlock(string Kind, IReadOnlyList<string> Lines);

/// <summary>Lyrics as stanzas, in order.</summary>
public sealed record LyricSheet(IReadOnlyList<LyricBlock> Blocks, string Language)
{
    private static readonly (string Kind, string[] Names)[] Tags =
    [
        ("pre-chorus", ["pre-chorus", "prechorus", "pre chorus", "pre-coro", "pre coro", "precoro", "pre-estribillo", "pre estribillo"]),
        ("chorus", ["chorus", "refrain", "hook", "estribillo", "coro"]),
        ("verse", ["verse", "verso", "estrofa"]),
        ("bridge", ["bridge", "puente"]),
        ("intro", ["intro", "introduccion"]),
        ("outro", ["outro", "final", "coda", "cierre"]),
        ("solo", ["solo", "instrumental", "interlude", "interludio"]),
    ];

    private static readonly HashSet<string> SpanishWords = new(StringComparer.Ordinal)
    {
        "el", "la", "los", "las", "de", "que", "y", "en", "un", "una", "mi", "tu", "con", "por", "para", "amor", "no", "se", "es", "te",
        "yo", "como", "del", "al", "sin", "su", "corazon", "noche", "vida",
    };

    private static readonly HashSet<string> EnglishWords = new(StringComparer.Ordinal)
    {
        "the", "and", "of", "to", "in", "i", "you", "my", "your", "is", "are", "with", "for", "on", "it", "we", "love", "night", "that",
        "this", "when", "was", "all", "be", "from", "a",
    };

    /// <summary>
    /// Reads lyrics. Tags stand alone on a line in square brackets; without tags, stanzas alternate and what repeats is the chorus.
    /// </summary>
    /// <param name="language"><c>es</c> or <c>en</c>; null to tell it from the words.</param>
    public static LyricSheet Parse(string text, string? language = null)
    {
        var tagged = text.Contains('[', StringComparison.Ordinal);
        var blocks = new List<LyricBlock>();
        var kind = "";
        var lines = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Append(""))
        {
            var tag = Tag(line);
            if (tag is not null || (line.Length == 0 && !tagged))
            {
                Close(blocks, kind, lines);
                lines = [];
                kind = tag ?? "";
            }
            else if (line.Any(char.IsLetter))
            {
                lines.Add(line);
            }
        }

        Close(blocks, kind, lines);
        return new LyricSheet(Named(blocks), language ?? LanguageOf(text));
    }

    /// <summary>Forms that sing the stanzas in their order, from the first ones alone to all with an instrumental frame.</summary>
    public IReadOnlyList<string> Forms(IReadOnlyList<string> usual)
    {
        if (Blocks.Count == 0)
        {
            return usual;
        }

        var kinds = Blocks.Select(block => block.Kind).ToList();
        var forms = new List<string>();
        for (var count = 1; count <= kinds.Count; count++)
        {
            forms.Add(string.Join(' ', kinds.Take(count)));
        }

        var all = string.Join(' ', kinds);
        var intro = kinds[0] == "intro" ? "" : "intro ";
        var outro = kinds[^1] == "outro" ? "" : " outro";
        forms.Add(intro + all);
        forms.Add(intro + all + outro);
        forms.Add($"{intro}{all} solo chorus{outro}");
        forms.Add($"{intro}{all} solo {all} chorus{outro}");
        return forms;
    }

    private static void Close(List<LyricBlock> blocks, string kind, List<string> lines)
    {
        // A bare [Chorus] repeats the one before.
        var repeated = lines.Count == 0 && kind.Length > 0 ? blocks.FirstOrDefault(block => block.Kind == kind)?.Lines : null;
        if (lines.Count > 0 || repeated is not null || kind == "solo")
        {
            blocks.Add(new LyricBlock(kind, repeated ?? lines));
        }
    }

    private static List<LyricBlock> Named(List<LyricBlock> blocks)
    {
        var named = new List<LyricBlock>(blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var text = string.Join('\n', blocks[i].Lines);
            var repeats = blocks.Count(other => string.Join('\n', other.Lines) == text) > 1;
            var guess = repeats || (i % 2 == 1 && !blocks.Any(other => other.Kind == "chorus")) ? "chorus" : "verse";
            named.Add(blocks[i].Kind.Length > 0 ? blocks[i] : blocks[i] with { Kind = guess });
        }

        return named;
    }

    private static string? Tag(string line)
    {
        if (line.Length < 3 || line[0] != '[' || line[^1] != ']')
        {
            return null;
        }

        var name = Words.Plain(line[1..^1]);
        foreach (var (kind, names) in Tags)
        {
            if (names.Any(candidate => name.StartsWith(Words.Plain(candidate), StringComparison.Ordinal)))
            {
                return kind;
            }
        }

        return "verse";
    }

    // What plans without a language were sung in.
    private static string LanguageOf(string text)
    {
        var words = Words.Split(text);
        var spanish = words.Count(SpanishWords.Contains) + (2 * text.Count(
            c => "áéíóúñ¿¡".Contains(char.ToLowerInvariant(c), StringComparison.Ordinal)));
        return spanish > words.Count(EnglishWords.Contains) ? "es" : "en";
    }
}
