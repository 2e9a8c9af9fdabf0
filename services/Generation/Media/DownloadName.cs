using System.Globalization;
using System.Text;
using AnyAscii;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.Media;

/// <summary>How a track's files are called on the disk of whoever saves them (RFC 6266).</summary>
internal static class DownloadName
{
    private const int Longest = 100;
    private const string Nameless = "track";

    /// <summary>The header's value: a name of plain letters for all, and the title itself for those who read it.</summary>
    public static string Disposition(string title, string extension, bool attachment)
    {
        var kind = attachment ? "attachment" : "inline";
        var (plain, full) = ($"{Plain(title)}.{extension}", $"{Clean(title)}.{extension}");
        return plain == full
            ? $"{kind}; filename=\"{plain}\""
            : $"{kind}; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(full)}";
    }

    /// <summary>Without what file systems and shells take for something else.</summary>
    public static string Clean(string title)
    {
        var text = new StringBuilder();
        foreach (var rune in title.EnumerateRunes())
        {
            var bad = IsInvisible(Rune.GetUnicodeCategory(rune)) || (rune.IsAscii && "/\\:*?\"<>|".Contains((char)rune.Value));
            text.Append(bad ? "-" : rune.ToString());
        }

        var clean = TextRules.Cut(text.ToString().Trim(' ', '.', '-'), Longest);
        return clean.Length == 0 ? Nameless : clean;
    }

    private static bool IsInvisible(UnicodeCategory kind) =>
        kind is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>In the nearest plain letters, whatever the script: <c>Canción</c> is <c>Cancion</c>.</summary>
    /// <remarks>Not by Unicode's decomposition, which the framework has only with a library that the services run without.</remarks>
    private static string Plain(string title)
    {
        var letters = Clean(Clean(title).Transliterate()).Where(c => c is >= ' ' and < (char)127 and not ('"' or '\\' or '%' or ';'));
        var plain = string.Join(' ', string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim(' ', '.', '-');
        return plain.Length == 0 ? Nameless : plain;
    }
}
