using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Planning;

/// <summary>Chooses a form and bar counts that fill the asked time, and a tempo that makes them come out even.</summary>
/// <remarks>
/// The last bar holds one ringing chord. It starts at least <see cref="ShortestRing"/> before the end of the audio,
/// so the length never depends on how a tempo divides it: what is left over rings.
/// </remarks>
internal static class FormFitter
{
    /// <summary>Seconds that the last chord rings at least.</summary>
    public const double ShortestRing = 1.7;

    /// <summary>For forms that tell something, such as how much of a text is sung.</summary>
    public const double Close = 1.12;

    /// <summary>For forms of which each would do.</summary>
    public const double Wide = 1.3;

    private const double WantedRing = 3.0;

    /// <summary>From here on a piece has room for two sections, and contrast is worth a stretched form.</summary>
    private const int BarsForContrast = 7;

    private const double DullStretch = 2.5;

    /// <summary>Bars before the ringing last one.</summary>
    public static int BarsBeforeEnd(double durationSeconds, double barSeconds) =>
        Math.Max(1, (int)Math.Floor((durationSeconds - ShortestRing) / barSeconds));

    /// <summary>The tempo near <paramref name="wanted"/> whose bars fill the time best.</summary>
    public static int FitTempo(int wanted, int min, int max, int durationSeconds, double beatsPerBar)
    {
        var best = wanted;
        var bestCost = double.MaxValue;
        for (var tempo = Math.Max(min, wanted - 6); tempo <= Math.Min(max, wanted + 6); tempo++)
        {
            var barSeconds = beatsPerBar * 60 / tempo;
            var bars = BarsBeforeEnd(durationSeconds, barSeconds);
            var ring = durationSeconds - (bars * barSeconds);
            var uneven = bars % 4 == 0 ? 0 : bars % 2 == 0 ? 0.8 : 1.6;
            var cost = uneven + (Math.Abs(ring - WantedRing) * 0.7) + (Math.Abs(tempo - wanted) * 0.12);
            if (cost < bestCost)
            {
                bestCost = cost;
                best = tempo;
            }
        }

        return best;
    }

    /// <summary>Sections with their bars; the sum is <paramref name="barsBeforeEnd"/> + 1.</summary>
    /// <param name="strophe">Bars of a verse or chorus; more than <see cref="Genre.UsualStrophe"/> are kept whole where there is time for one.</param>
    /// <param name="latitude">By how much a form may be stretched more than the one that fits best.</param>
    public static List<(string Section, int Bars)> Fit(
        IReadOnlyList<string> forms, int barsBeforeEnd, Dice dice, int strophe = Genre.UsualStrophe, double latitude = Close)
    {
        var whole = strophe > Genre.UsualStrophe && barsBeforeEnd >= strophe;
        var fitting = whole ? forms.Where(form => form.Split(' ').Count(IsStrophe) <= barsBeforeEnd / strophe).ToList() : [];
        var form = Choose(fitting.Count > 0 ? fitting : forms, barsBeforeEnd, dice, whole ? strophe : Genre.UsualStrophe, latitude);
        return whole && form.Exists(IsStrophe) ? Whole(form, barsBeforeEnd, strophe) : Stretched(form, barsBeforeEnd);
    }

    private static List<(string Section, int Bars)> Stretched(List<string> form, int barsBeforeEnd)
    {
        var unit = barsBeforeEnd >= 22 ? 4 : barsBeforeEnd >= 8 ? 2 : 1;
        while (form.Count > 1 && form.Count * unit > barsBeforeEnd)
        {
            form.RemoveAt(form.Count > 2 ? 0 : 1);
        }

        var scale = barsBeforeEnd / (double)form.Sum(section => Natural(section));
        var bars = form.Select(section => Math.Max(unit, unit * (int)Math.Floor((Natural(section) * scale / unit) + 0.5))).ToArray();
        Balance(form, bars, barsBeforeEnd, unit, scale);
        bars[^1]++;
        return [.. form.Zip(bars)];
    }

    // Strophes as many as there is time for; what is left over is before and after them.
    private static List<(string Section, int Bars)> Whole(List<string> form, int barsBeforeEnd, int strophe)
    {
        var count = barsBeforeEnd / strophe;
        while (form.Count(IsStrophe) > count)
        {
            form.RemoveAt(form.FindIndex(IsStrophe));
        }

        var rest = barsBeforeEnd % strophe;
        while (form.Count(section => !IsStrophe(section)) * 2 > rest)
        {
            form.RemoveAt(form.FindLastIndex(section => !IsStrophe(section)));
        }

        var sung = form.Count(IsStrophe);
        var framed = form.Count - sung;
        var strophes = new Queue<int>(Enumerable.Range(0, sung).Select(i => strophe * Share(count, sung, i)));
        var frames = new Queue<int>(Enumerable.Range(0, framed).Select(i => 2 * Share(rest / 2, framed, i)));
        var bars = form.Select(section => (IsStrophe(section) ? strophes : frames).Dequeue()).ToArray();
        bars[^1] += barsBeforeEnd + 1 - bars.Sum();
        return [.. form.Zip(bars)];
    }

    private static bool IsStrophe(string section) => Natural(section) == Genre.UsualStrophe;

    // The first shares are the larger ones.
    private static int Share(int whole, int parts, int index) => (whole / parts) + (index < whole % parts ? 1 : 0);

    /// <summary>Usual length of a section in bars.</summary>
    private static int Natural(string section, int strophe = Genre.UsualStrophe) => section switch
    {
        "intro" or "outro" or "pre-chorus" or "break" or "build" => 4,
        _ => strophe,
    };

    private static List<string> Choose(IReadOnlyList<string> forms, int bars, Dice dice, int strophe, double latitude)
    {
        var ranked = forms
            .Select(form => form.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList())
            .Select(form => (Form: form, Stretch: Stretch(form, bars, strophe)))
            .OrderBy(entry => entry.Stretch)
            .ToList();

        // Among forms that fit about as well the seed decides, so that pieces of a genre differ in shape too.
        return dice.Pick([.. ranked.Where(entry => entry.Stretch <= ranked[0].Stretch * latitude)]).Form;
    }

    /// <summary>By how much the form is longer or shorter than its sections usually are.</summary>
    private static double Stretch(List<string> form, int bars, int strophe)
    {
        double length = form.Sum(section => Natural(section, strophe));
        var stretch = Math.Max(bars / length, length / bars);
        return form.Count == 1 && bars >= BarsForContrast ? stretch * DullStretch : stretch;
    }

    private static void Balance(List<string> form, int[] bars, int wanted, int unit, double scale)
    {
        while (bars.Sum() > wanted)
        {
            var index = Widest(form, bars, scale, unit, longest: true);
            bars[index] -= Math.Min(unit, bars[index] - 1);
        }

        while (wanted - bars.Sum() >= unit)
        {
            bars[Widest(form, bars, scale, unit, longest: false)] += unit;
        }

        bars[^1] += wanted - bars.Sum();
    }

    private static int Widest(List<string> form, int[] bars, double scale, int unit, bool longest)
    {
        var best = -1;
        var bestError = double.MinValue;
        for (var i = 0; i < bars.Length; i++)
        {
            var error = ((Natural(form[i]) * scale) - bars[i]) / Natural(form[i]);
            error = longest ? -error : error;
            if (error > bestError && (!longest || bars[i] > unit || (bars[i] > 1 && bars.All(b => b <= unit))))
            {
                bestError = error;
                best = i;
            }
        }

        return best;
    }
}
