using System.Globalization;
using System.Text.RegularExpressions;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>
/// Writes figures out as words, as they are sung: counts, years, decades, ordinals, decimals, fractions, times, money, percentages,
/// telephone numbers.
/// </summary>
internal static partial class LyricNumbers
{
    private static readonly Dictionary<string, string> Slang = new(StringComparer.OrdinalIgnoreCase)
    {
        ["4ever"] = "forever",
        ["2nite"] = "tonight",
        ["2night"] = "tonight",
        ["2day"] = "today",
        ["2morrow"] = "tomorrow",
        ["gr8"] = "great",
        ["b4"] = "before",
        ["l8r"] = "later",
        ["l8"] = "late",
        ["m8"] = "mate",
        ["w8"] = "wait",
        ["h8"] = "hate",
        ["str8"] = "straight",
        ["any1"] = "anyone",
        ["some1"] = "someone",
        ["every1"] = "everyone",
        ["no1"] = "no one",
        ["4u"] = "for you",
        ["2u"] = "to you",
        ["salu2"] = "saludos",
        ["100pre"] = "siempre",
    };

    /// <summary>The line without a figure.</summary>
    public static string Spoken(string line, bool spanish)
    {
        var ascii = string.Concat(line.Select(Figure));
        if (!ascii.Any(char.IsAsciiDigit) && !ascii.AsSpan().ContainsAny("&+=@°"))
        {
            return ascii;
        }

        var plain = Slangs().Replace(ascii, word => Slang.GetValueOrDefault(word.Value) ?? word.Value);
        var pattern = spanish ? Spanish() : English();
        var said = pattern.Replace(plain, match => Padded(plain, match, new NumberSpeech(spanish, NounAfter(plain, match)).Say(match)));
        said = Symbols().Replace(said, match => $" {Symbol(match.Value, spanish)} ");
        return Spaces().Replace(said, " ").Trim();
    }

    // Any script's figures, superscripts and fractions.
    private static string Figure(char c) => c switch
    {
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '−' => "-",
        _ when !char.IsAscii(c) && CharUnicodeInfo.GetDigitValue(c) is >= 0 and var digit => digit.ToString(CultureInfo.InvariantCulture),
        '％' => "%",
        '＄' => "$",
        _ => c.ToString(),
    };

    private static string Padded(string line, Match match, string words)
    {
        var before = match.Index > 0 && char.IsLetter(line[match.Index - 1]) ? " " : "";
        var end = match.Index + match.Length;
        var after = end < line.Length && char.IsLetterOrDigit(line[end]) ? " " : "";
        return before + words + after;
    }

    private static string NounAfter(string line, Match match)
    {
        var noun = Noun().Match(line, match.Index + match.Length);
        return noun.Success && noun.Groups[1].Length > 2 ? noun.Groups[1].Value.ToLowerInvariant() : "";
    }

    private static string Symbol(string symbol, bool spanish) => symbol switch
    {
        "&" => spanish ? "y" : "and",
        "+" => spanish ? "más" : "plus",
        "=" => spanish ? "igual a" : "equals",
        "°" => spanish ? "grados" : "degrees",
        _ => spanish ? "arroba" : "at",
    };

    private const string Shared =
        @"(?<hour>\d{1,2}):(?<minute>[0-5]\d)(?!\d)|(?<phone>\d{3}-(?:\d{3}-)?\d{4}(?!\d))|(?<above>\d{1,4})/(?<below>\d{1,4})(?!\d)"
        + @"|(?:\#|\bn[º°o]\.?\s?(?=\d)|\bn\.º\s?|\bn[úu]m\.\s?)(?<rank>\d{1,9})|(?<figures>(?<!\d)0\d+|\d{16,})";

    [GeneratedRegex(@"\G\s(\p{L}+)")]
    private static partial Regex Noun();

    [GeneratedRegex(@"(?<![\p{L}\d])[\p{L}\d]*\d[\p{L}\d]*(?![\p{L}\d])")]
    private static partial Regex Slangs();

    [GeneratedRegex(@"[&+=@°]")]
    private static partial Regex Symbols();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        Shared + @"|['’]?(?<decade>(?:1\d|20)?\d0)['’]?s\b|(?<ordinal>\d{1,9})(?:st|nd|rd|th)\b"
        + @"|(?:(?<sign>(?<![\p{L}\d])-)?(?:(?<coin>[$€£¥])\s?)?(?<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?"
        + @"|\d+(?:\.\d+)?)(?:\s?(?<unit>[%€$£¥]))?(?<range>\s?[-–—]\s?(?=\d))?)",
        RegexOptions.IgnoreCase)]
    private static partial Regex English();

    [GeneratedRegex(
        Shared + @"|['’]?(?<decade>(?:1\d|20)?\d0)['’]?s\b|(?<ordinal>\d{1,9})\.?(?<gender>[ºª]|er|ero|era|ro|ra|do|da|to|ta|mo|ma|vo"
            + @"|va|no|na)(?!\p{L})"
        + @"|(?:(?<sign>(?<![\p{L}\d])-)?(?:(?<coin>[$€£¥])\s?)?(?<number>\d{1,3}(?:[.,]\d{3})+(?![.,]?\d)"
        + @"|\d+(?:[.,]\d+)?)(?:\s?(?<unit>[%€$£¥]))?(?<range>\s?[-–—]\s?(?=\d))?)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Spanish();
}
