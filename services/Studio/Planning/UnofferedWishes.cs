using System.Globalization;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Finds wishes in a prompt that the studio understands and does not offer, so that nobody waits for them in vain.</summary>
internal static class UnofferedWishes
{
    private const string Changing =
        "accelerando|ritardando|rallentando|rubato|speeds up|speeding up|slows down|slowing down|gets faster|getting faster|gets slower|"
        + "tempo change|tempo changes|cambio de tempo|cambios de tempo|cambio de ritmo|se acelera|acelerandose|va acelerando|se ralentiza";

    private static readonly string[][] TempoChanges = [.. Changing.Split('|').Select(phrase => phrase.Split(' '))];

    /// <summary>In the order in which they are told: meter, tempo, scale, instruments.</summary>
    public static IReadOnlyList<IgnoredWish> In(string[] words) =>
        [.. Meters(words), .. Tempos(words), .. Scales(words), .. Instruments(words)];

    private static IEnumerable<IgnoredWish> Meters(string[] words)
    {
        var named = MeterReader.Read(words);
        var offered = named.Where(MeterReader.IsOffered).ToList();
        var known = string.Join(", ", Scores.TimeSignature.Offered);
        return named.Where(meter => !MeterReader.IsOffered(meter))
            .Select(meter => new IgnoredWish(meter, $"The studio composes in {known}."))
            .Concat(offered.Skip(1).Select(meter => new IgnoredWish(meter, $"A piece stays in one meter; this one is in {offered[0]}.")));
    }

    private static IEnumerable<IgnoredWish> Tempos(string[] words)
    {
        if (NumberReader.Tempo(words) is null && Array.FindIndex(words, word => word is "bpm" or "ppm") is > 0 and var unit
            && int.TryParse(words[unit - 1], NumberStyles.None, CultureInfo.InvariantCulture, out var beats) && beats is < 40 or > 240)
        {
            yield return new IgnoredWish($"{beats} bpm", "Tempos go from 40 to 240 beats a minute.");
        }

        foreach (var change in TempoChanges.Where(change => At(words, change)))
        {
            yield return new IgnoredWish(string.Join(' ', change), "A piece keeps one tempo.");
        }
    }

    private static IEnumerable<IgnoredWish> Scales(string[] words) =>
        words.Where(word => KeyReader.ChurchMode(word) is not null
            && word is not ("aeolian" or "eolico" or "eolio" or "ionian" or "jonico")).Distinct()
            .Select(word => new IgnoredWish(word, "The studio composes in major and minor; the nearer of them was taken."));

    private static IEnumerable<IgnoredWish> Instruments(string[] words) =>
        Common.Data.Unoffered.Where(name => At(words, name.Split(' ')) && !IsRefused(words, name.Split(' ')))
            .Select(name => new IgnoredWish(name, "The studio has no such instrument."));

    private static bool At(string[] words, string[] phrase) => Place(words, phrase) >= 0;

    private static bool IsRefused(string[] words, string[] phrase) =>
        Place(words, phrase) is > 0 and var at && words[at - 1] is "no" or "without" or "sin";

    private static int Place(string[] words, string[] phrase)
    {
        for (var i = 0; i + phrase.Length <= words.Length; i++)
        {
            if (words.AsSpan(i, phrase.Length).SequenceEqual(phrase))
            {
                return i;
            }
        }

        return -1;
    }
}
