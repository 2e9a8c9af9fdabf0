using System.Globalization;
using System.Text.RegularExpressions;

namespace Son1kVers3.Studio.Planning;

/// <summary>Metronome marks as they are printed over music.</summary>
internal static partial class NoteMarks
{
    /// <summary>
    /// The prompt with <c>♩=88</c>, <c>quarter note = 88</c>, <c>♪ = 176</c>, <c>negra = 88</c> and <c>M.M. 88</c> as <c>tempo 88</c>.
    /// </summary>
    public static string Plain(string prompt) => Mark().Replace(prompt, mark =>
    {
        var written = int.Parse(mark.Groups["number"].Value, CultureInfo.InvariantCulture);
        var tempo = mark.Groups["eighth"].Success ? written / 2.0 : mark.Groups["half"].Success ? written * 2.0 : written;
        return FormattableString.Invariant($" tempo {tempo:0} ");
    });

    [GeneratedRegex(
        @"(?:(?:(?<eighth>[♪♫]|\b(?:eighth|quaver|corchea)s?)|(?<half>\uD834\uDD5E|\uD834\uDD57\uD834\uDD65|\b(?:half|minim|blanca)s?)"
            + @"|♩|\uD834\uDD5F|\uD834\uDD58\uD834\uDD65|\b(?:quarter|crotchet|negra)s?|\bq)(?:\s+notes?)?"
        + @"(?:\s*\.|\s+dotted|\s+con puntillo)?\s*[=≈]\s*(?:ca?\.?\s*)?|\b(?:mm|m\.m\.)\s*[=:]?\s*)(?<number>\d{2,3})(?!\d)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Mark();
}
