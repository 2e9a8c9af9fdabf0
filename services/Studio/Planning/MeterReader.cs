using System.Globalization;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Planning;

/// <summary>
/// Finds time signatures among the words of a prompt: <c>7/8</c>, <c>cinco por cuatro</c>, <c>six eight</c>, <c>doce octavos</c>, <c>waltz
/// time</c>.
/// </summary>
internal static class MeterReader
{
    private static readonly Dictionary<string, int> Values = new(StringComparer.Ordinal)
    {
        ["1"] = 1,
        ["2"] = 2,
        ["4"] = 4,
        ["8"] = 8,
        ["16"] = 16,
        ["two"] = 2,
        ["four"] = 4,
        ["eight"] = 8,
        ["sixteen"] = 16,
        ["dos"] = 2,
        ["cuatro"] = 4,
        ["ocho"] = 8,
        ["dieciseis"] = 16,
        ["fours"] = 4,
        ["eighths"] = 8,
        ["octavos"] = 8,
        ["cuartos"] = 4,
        ["sixteenths"] = 16,
        ["dieciseisavos"] = 16,
    };

    private static readonly (string[] Words, string Meter)[] Named =
    [
        .. new (string Words, string Meter)[]
        {
            ("waltz time", "3/4"), ("triple meter", "3/4"), ("triple time", "3/4"), ("in three", "3/4"), ("compas ternario", "3/4"),
            ("compound time", "6/8"),
            ("compound meter", "6/8"), ("common time", "4/4"), ("compasillo", "4/4"), ("duple meter", "2/4"), ("compas binario", "2/4"),
            ("in five", "5/4"), ("in seven", "7/8"), ("cut time", "2/2"), ("alla breve", "2/2"),
        }.Select(entry => (entry.Words.Split(' '), entry.Meter)),
    ];

    /// <summary>Every signature that is named, in order, whether the studio knows it or not.</summary>
    public static IReadOnlyList<string> Read(string[] words)
    {
        var found = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            if ((Written(words, i) ?? Spoken(words, i) ?? Known(words, i)) is { } meter && !IsNegated(words, i))
            {
                found.Add(meter);
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>Whether the studio composes in it.</summary>
    public static bool IsOffered(string meter) => TimeSignature.Offered.Any(offered => offered.ToString() == meter);

    // "7/8", "7 / 8", "3+2+2/8".
    private static string? Written(string[] words, int i)
    {
        var text = words[i].Contains('/', StringComparison.Ordinal) && words[i].Length > 2 ? words[i]
            : i + 2 < words.Length && words[i + 1] == "/" ? $"{words[i]}/{words[i + 2]}" : "";
        return text.Split('/') is [var above, var below]
            && int.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var beats) && beats is > 1 and < 32
            && below is "1" or "2" or "4" or "8" or "16" or "32"
            ? $"{beats}/{below}"
            : null;
    }

    // "Siete por ocho", "5 por 4", "seven eight time", "doce octavos"; "four four" is a meter, "two eight track tapes" is none.
    private static string? Spoken(string[] words, int i)
    {
        if (SpelledNumber.Read(words, i) is not { Value: > 1 and < 32 } beats)
        {
            return null;
        }

        var next = i + beats.Words;
        var joined = next < words.Length && words[next] is "por" or "over";
        next += joined ? 1 : 0;
        if (next >= words.Length || !Values.TryGetValue(words[next], out var value))
        {
            return null;
        }

        var meter = FormattableString.Invariant($"{beats.Value}/{value}");
        var figures = char.IsAsciiDigit(words[next][0]) || char.IsAsciiDigit(words[i][0]);
        var after = next + 1 < words.Length ? words[next + 1] : "";
        var meant = words[next] is "octavos" or "cuartos" or "eighths" or "fours"
            || after is "time" or "meter" or "feel" or "groove" or "signature" or "beat"
            || (i > 0 && words[i - 1] is "in" or "en") || meter is "6/8";
        return joined || (!figures && meant) ? meter : null;
    }

    private static string? Known(string[] words, int i) =>
        Named.FirstOrDefault(name => i + name.Words.Length <= words.Length && words.AsSpan(i, name.Words.Length).SequenceEqual(name.Words)
            && (name.Words[0] != "in" || Ends(words, i + 2))).Meter;

    // "In five" counts beats; "in five minutes" does not.
    private static bool Ends(string[] words, int i) => i >= words.Length || words[i] is "," or "time" or "with" or "and";

    private static bool IsNegated(string[] words, int i) =>
        i > 0 && (words[i - 1] is "not" or "no" or "sin" || (i > 1 && words[i - 2] is "not" or "no" && words[i - 1] is "in" or "en"));
}
