using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Writes progressions in the grammar of a style.</summary>
/// <remarks>
/// The genre's own progressions, each taken as a circle, say which bar may follow which (a first-order Markov chain over bars, as in
/// Pachet and Roy's constrained chains): a walk through them is new and still in the style. It begins as one of the genre's own does, has
/// its length, and its last bar leads back to its first. A bar is then shared with a chord that the style puts between its own and the
/// next, or with the dominant of the next.
/// </remarks>
internal sealed class ProgressionGrammar
{
    private const int Attempts = 24;

    /// <summary>More chords than this need not be different ones.</summary>
    private const int Variety = 3;

    private readonly ChordChanges _changes;
    private readonly ILookup<string, string> _after;

    public ProgressionGrammar(Genre genre, bool minor)
    {
        _changes = genre.Changes;
        _after = Sketcher.Kinds.Where(genre.Harmony.ContainsKey)
            .SelectMany(kind => minor ? genre.Harmony[kind].Minor : genre.Harmony[kind].Major)
            .Select(Bars)
            .SelectMany(bars => bars.Select((bar, i) => (Bar: bar, Next: bars[(i + 1) % bars.Length])))
            .ToLookup(pair => pair.Bar, pair => pair.Next, StringComparer.Ordinal);
    }

    /// <summary>A progression like one of <paramref name="models"/>.</summary>
    public string Write(IReadOnlyList<string> models, Dice dice)
    {
        var model = Bars(dice.Pick(models));
        var walk = Enumerable.Range(0, Attempts).Select(_ => Walk(model, dice)).FirstOrDefault(bars => Holds(bars, model)) ?? model;
        return string.Join(' ', walk.Select((bar, i) => Shared(bar, walk[(i + 1) % walk.Length], dice)));
    }

    private static string[] Bars(string progression) => progression.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string[] Walk(string[] model, Dice dice)
    {
        var walk = new string[model.Length];
        walk[0] = model[0];
        for (var i = 1; i < walk.Length; i++)
        {
            walk[i] = dice.Pick([.. _after[walk[i - 1]]]);
        }

        return walk;
    }

    // Comes round, is no duller than its model, and is as sure of its key.
    private bool Holds(string[] walk, string[] model) =>
        _after[walk[^1]].Contains(walk[0])
        && walk.Distinct().Count() >= Math.Min(Variety, model.Distinct().Count())
        && walk.Count(IsTonic) >= model.Count(IsTonic);

    private string Shared(string bar, string next, Dice dice)
    {
        var (divided, applied) = (dice.Chance(_changes.TwoInABar), dice.Chance(_changes.Applied));
        if (bar.Contains(',', StringComparison.Ordinal) || !(divided || applied))
        {
            return bar;
        }

        var target = next.Split(',')[0];
        if (applied && target != bar && !IsTonic(target) && !target.Contains('/', StringComparison.Ordinal))
        {
            return $"{bar},V7/{target}";
        }

        var between = _after[bar].Where(chord => chord != bar && chord != next && !chord.Contains(',', StringComparison.Ordinal)
            && _after[chord].Contains(next)).ToList();
        // What passes by must not draw away from the key.
        var pillars = between.Where(chord => IsTonic(chord) || IsDominant(chord)).ToList();
        between = pillars.Count > 0 && dice.Chance(0.7) ? pillars : between;
        return divided && between.Count > 0 ? $"{bar},{dice.Pick(between)}" : bar;
    }

    // I, i, Imaj9, i7: the numeral alone, then its quality.
    private static bool IsTonic(string bar) =>
        bar[0] is 'I' or 'i' && (bar.Length == 1 || bar[1] is not ('I' or 'i' or 'V' or 'v'));

    private static bool IsDominant(string bar) => bar[0] is 'V' or 'v' && (bar.Length == 1 || bar[1] is not ('I' or 'i'));
}
