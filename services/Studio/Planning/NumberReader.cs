using System.Globalization;

namespace Son1kVers3.Studio.Planning;

/// <summary>Finds tempo and length numbers among the words of a prompt.</summary>
internal static class NumberReader
{
    /// <summary>Beats a minute as in <c>120 bpm</c>, <c>120bpm</c>, <c>bpm 120</c>, <c>tempo 120</c>, <c>tempo de 120</c>; null when there is none from 40 to 240.</summary>
    public static int? Tempo(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var joined = words[i].EndsWith("bpm", StringComparison.Ordinal) && words[i].Length > 3 ? Number(words[i][..^3]) : null;
            var before = i > 0 && words[i] is "bpm" or "ppm" or "beats" ? Number(words[i - 1]) : null;
            var after = words[i] is "bpm" or "tempo" or "ppm" ? After(words, i) : null;
            if ((joined ?? before ?? after) is >= 40 and <= 240 and var tempo)
            {
                return tempo;
            }
        }

        return null;
    }

    /// <summary>Seconds as in <c>30 seconds</c>, <c>45s</c>, <c>2 minutos</c>, <c>1:30</c>; held within 10–300.</summary>
    public static int? Duration(string[] words)
    {
        for (var i = 0; i + 1 < words.Length; i++)
        {
            var unit = words[i + 1] switch
            {
                "second" or "seconds" or "sec" or "secs" or "s" or "segundo" or "segundos" or "seg" => 1,
                "minute" or "minutes" or "min" or "mins" or "minuto" or "minutos" => 60,
                _ => 0,
            };
            if (unit > 0 && (Number(words[i]) ?? Spelled(words[i])) is { } count and > 0 and < 1000)
            {
                return Math.Clamp(count * unit, 10, 300);
            }
        }

        return null;
    }

    private static int? After(string[] words, int i)
    {
        var at = i + 1 < words.Length && words[i + 1] is "of" or "de" or "a" or "at" or "," ? i + 2 : i + 1;
        return at < words.Length ? Number(words[at]) : null;
    }

    private static int? Spelled(string word) => word switch
    {
        "one" or "un" or "a" => 1,
        "two" or "dos" => 2,
        "three" or "tres" => 3,
        "four" or "cuatro" => 4,
        _ => null,
    };

    private static int? Number(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
