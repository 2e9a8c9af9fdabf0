namespace Son1kVers3.Studio.Text;

/// <summary>Numbers as English says them.</summary>
internal static class EnglishNumbers
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    private static readonly (long Value, string Name)[] Scales = [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"),
        (1_000_000, "million"), (1_000, "thousand")];

    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["one"] = "first",
        ["two"] = "second",
        ["three"] = "third",
        ["five"] = "fifth",
        ["eight"] = "eighth",
        ["nine"] = "ninth",
        ["twelve"] = "twelfth",
    };

    public static string Cardinal(long number)
    {
        foreach (var (value, name) in Scales)
        {
            if (number >= value)
            {
                return Joined($"{Cardinal(number / value)} {name}", number % value);
            }
        }

        return number >= 100 ? Joined($"{Small[number / 100]} hundred", number % 100)
            : number >= 20 ? Joined(Tens[number / 10], number % 10)
            : Small[number];
    }

    public static string Ordinal(long number)
    {
        var words = Cardinal(number).Split(' ');
        var last = words[^1];
        words[^1] = Irregular.GetValueOrDefault(last) ?? (last.EndsWith('y') ? last[..^1] + "ieth" : last + "th");
        return string.Join(' ', words);
    }

    /// <summary>1984 is nineteen eighty four, 1905 nineteen oh five, 2007 two thousand seven, 2024 twenty twenty four.</summary>
    public static string Year(int year) =>
        year % 1000 < 10 ? Cardinal(year)
        : year % 100 == 0 ? $"{Cardinal(year / 100)} hundred"
        : $"{Cardinal(year / 100)} {(year % 100 < 10 ? "oh " : "")}{Cardinal(year % 100)}";

    /// <summary>80 is eighties, 1920 nineteen twenties, 2000 two thousands.</summary>
    public static string Decade(int first)
    {
        var words = first > 100 ? Year(first) : Cardinal(first);
        return words.EndsWith('y') ? words[..^1] + "ies" : words + "s";
    }

    /// <summary>7:30 is seven thirty, 3:05 three oh five, 12:00 twelve o'clock.</summary>
    public static string Time(int hour, int minute) =>
        minute == 0 ? $"{Cardinal(hour)} o'clock" : $"{Cardinal(hour)} {(minute < 10 ? "oh " : "")}{Cardinal(minute)}";

    public static string Fraction(long above, long below) => (above, below) switch
    {
        (1, 2) => "one half",
        (_, 2) => $"{Cardinal(above)} halves",
        (1, 4) => "one quarter",
        (_, 4) => $"{Cardinal(above)} quarters",
        (1, _) => $"one {Ordinal(below)}",
        _ => $"{Cardinal(above)} {Ordinal(below)}s",
    };

    private static string Joined(string head, long rest) => rest == 0 ? head : $"{head} {Cardinal(rest)}";
}
