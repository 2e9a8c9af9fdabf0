using System.Globalization;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Planning;

/// <summary>Finds tempo and length numbers among the words of a prompt.</summary>
internal static class NumberReader
{
    private const int SlowestAlone = 60;
    private const int FastestAlone = 200;

    /// <summary>Beats a minute; null when there is none from 40 to 240.</summary>
    /// <remarks>
    /// As in <c>120 bpm</c>, <c>120bpm</c>, <c>bpm 120</c>, <c>tempo de 120</c>, <c>ciento veinte pulsaciones</c>, <c>100-110 bpm</c> (the
    /// middle), <c>techno at 130</c>, and a number that stands alone between commas. <c>99 problems</c> is none.
    /// </remarks>
    public static int? Tempo(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var joined = words[i].EndsWith("bpm", StringComparison.Ordinal) && words[i].Length > 3 ? Number(words[i][..^3]) : null;
            if (Plausible(joined ?? Counted(words, i) ?? Announced(words, i)) is { } tempo)
            {
                return tempo;
            }
        }

        return Alone(words);
    }

    /// <summary>Seconds as in <c>30 seconds</c>, <c>dos minutos y medio</c>, <c>1 min 30 s</c>, <c>2:30</c>; held within 10–300.</summary>
    public static int? Duration(string[] words) => Length(words) is { } seconds ? Math.Clamp(seconds, 10, 300) : null;

    /// <summary>The same as it was told, whether a piece can last so long or not.</summary>
    public static int? Length(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if ((Clock(words, i) ?? Half(words, i) ?? Spoken(words, i)) is { } seconds and > 0)
            {
                return seconds;
            }
        }

        return null;
    }

    // A number, or two that say from where to where, and then the unit.
    private static int? Counted(string[] words, int i)
    {
        if (SpelledNumber.Read(words, i) is not { } first)
        {
            return null;
        }

        var after = i + first.Words;
        var joiner = after < words.Length && words[after] is "to" or "a" or "y" or "and" or "or" or "o" ? 1 : 0;
        if (SpelledNumber.Read(words, after + joiner) is { } second && IsUnit(words, after + joiner + second.Words))
        {
            return Plausible(first.Value) is null || Plausible(second.Value) is null ? null : (first.Value + second.Value) / 2;
        }

        return IsUnit(words, after) ? first.Value : null;
    }

    private static bool IsUnit(string[] words, int i) =>
        i < words.Length && words[i] is "bpm" or "ppm" or "beats" or "pulsaciones" or "pulsos" or "golpes";

    private static int? Announced(string[] words, int i)
    {
        if (words[i] is "bpm" or "tempo" or "ppm" or "metronome" or "metronomo")
        {
            var at = i + 1 < words.Length && words[i + 1] is "of" or "de" or "a" or "at" or "," or "around" ? i + 2 : i + 1;
            if (SpelledNumber.Read(words, at) is not { } first)
            {
                return null;
            }

            return SpelledNumber.Read(words, at + first.Words) is { } second && Plausible(second.Value) is not null
                ? (first.Value + second.Value) / 2 : first.Value;
        }

        var ends = i + 2 >= words.Length || words[i + 2] is "," or "in" or "en" or "with" or "con";
        return words[i] is "at" or "a" && ends && i + 1 < words.Length && Number(words[i + 1]) is >= SlowestAlone and var tempo ? tempo
            : null;
    }

    private static int? Alone(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var between = (i == 0 || words[i - 1] == ",") && (i + 1 == words.Length || words[i + 1] == ",") && words.Length > 2;
            if (between && Number(words[i]) is >= SlowestAlone and <= FastestAlone and var tempo)
            {
                return tempo;
            }
        }

        return null;
    }

    private static int? Plausible(int? tempo) => tempo is >= 40 and <= 240 ? tempo : null;

    // Not the time of day.
    private static int? Clock(string[] words, int i)
    {
        var hour = (i > 0 && words[i - 1] is "at" or "las" or "la") || (i + 1 < words.Length && words[i + 1] is "am" or "pm" or "de");
        return !hour && words[i].Split(':') is [var minutes, { Length: 2 } seconds] && Number(minutes) is <= 5 and var whole
            && Number(seconds) is < 60 and var rest
            ? (60 * whole) + rest
            : null;
    }

    private static int? Half(string[] words, int i)
    {
        var rest = string.Join(' ', words.Skip(i).Take(4)) + " ";
        return rest.StartsWith("half a minute ", StringComparison.Ordinal) || rest.StartsWith("half minute ", StringComparison.Ordinal)
            || rest.StartsWith("medio minuto ", StringComparison.Ordinal) ? 30
            : rest.StartsWith("minute and a half", StringComparison.Ordinal) || rest.StartsWith("minuto y medio", StringComparison.Ordinal)
                ? 90
            : null;
    }

    private static int? Spoken(string[] words, int i)
    {
        var attached = words[i].EndsWith('s') ? Number(words[i][..^1]) : null;
        var spelled = SpelledNumber.Read(words, i);
        var (count, next) = attached is { } seconds ? (seconds, i + 1) : spelled is { } read ? (read.Value, i + read.Words) : (0, i);
        var unit = attached is not null && IsLength(attached.Value) ? 1 : next < words.Length && attached is null ? Unit(words[next]) : 0;
        if (unit == 0 || count is <= 0 or >= 1000)
        {
            return null;
        }

        var rest = attached is null ? next + 1 : next;
        // "A 20 second intro" says nothing of the piece.
        if (rest < words.Length && words[rest] is "intro" or "introduction" or "build" or "outro" or "solo" or "break" or "drop")
        {
            return null;
        }

        var more = unit == 60 && rest + 1 < words.Length ? More(words, rest) : 0;
        return (count * unit) + more;
    }

    // "80s" is a decade.
    private static bool IsLength(int seconds) => seconds is >= 10 and < 50 or 75 or > 90 and <= 300;

    private static int More(string[] words, int i)
    {
        var joiner = words[i] is "y" or "and" ? 1 : 0;
        if (joiner == 1 && (words[i + 1] == "medio" || (words[i + 1] == "a" && i + 2 < words.Length && words[i + 2] == "half")))
        {
            return 30;
        }

        return SpelledNumber.Read(words, i + joiner) is { } read && i + joiner + read.Words < words.Length
            && Unit(words[i + joiner + read.Words]) == 1 ? read.Value : 0;
    }

    private static int Unit(string word) => word switch
    {
        "second" or "seconds" or "sec" or "secs" or "s" or "segundo" or "segundos" or "seg" => 1,
        "minute" or "minutes" or "min" or "mins" or "minuto" or "minutos" => 60,
        _ => 0,
    };

    private static int? Number(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
