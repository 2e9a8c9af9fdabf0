using System.Text;

namespace Son1kVers3.Studio.Text;

/// <summary>Prompts as plain words: lower case, Spanish accents folded, punctuation gone except where it carries meaning.</summary>
internal static class Words
{
    /// <summary>The text as words separated by single spaces, for example <c>bateria electronica a 120 bpm en fa# menor</c>.</summary>
    public static string Plain(string text) => string.Join(' ', Split(text));

    /// <summary>
    /// The words of the text. <c>#</c>, <c>&amp;</c>, <c>/</c> and inner <c>-</c> become spaces unless they belong to a key or number, as
    /// <c>:</c> does in <c>2:30</c>.
    /// </summary>
    public static string[] Split(string text)
    {
        var plain = new StringBuilder(text.Length);
        var lower = text.ToLowerInvariant();
        for (var i = 0; i < lower.Length; i++)
        {
            var clock = lower[i] == ':' && i > 0 && i + 1 < lower.Length && char.IsAsciiDigit(lower[i - 1])
                && char.IsAsciiDigit(lower[i + 1]);
            plain.Append(clock ? ":" : Fold(lower[i]));
        }

        return plain.ToString().Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Fold(char c) => c switch
    {
        'á' or 'à' or 'ä' or 'â' or 'ã' => "a",
        'é' or 'è' or 'ë' or 'ê' => "e",
        'í' or 'ì' or 'ï' or 'î' => "i",
        'ó' or 'ò' or 'ö' or 'ô' or 'õ' => "o",
        'ú' or 'ù' or 'ü' or 'û' => "u",
        'ñ' => "n",
        'ç' => "c",
        '♯' or '#' => "#",
        '♭' => "b",
        '\'' or '’' => "'",
        '&' => " & ",
        '/' => "/",
        _ when char.IsLetterOrDigit(c) => c.ToString(),
        ',' or ';' or '.' or '!' or '?' or '(' or ')' or ':' => " , ",
        _ => " ",
    };
}
