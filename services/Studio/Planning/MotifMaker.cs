using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>
/// Invents motifs: a rhythm of repeated cells and a line that moves by step, leaps now and then and turns back after a leap.
/// </summary>
internal static class MotifMaker
{
    // Cells of half a bar of 4/4, with the density (notes) and syncopation that they bring.
    private static readonly string[] HalfBars =
    [
        "x-------", "x---x---", "x-----x-", "x-x-x---", "x---x-x-", "x--x--x-", "x-x-x-x-", "..x-x---", "..x---x-",
        "x--x----", "x-xxx-x-", "..x-x-x-", "x-x---x-", "x-.x-.x-", "....x---", "....x-x-", "xxx-x---", "x--xx-x-",
    ];

    private static readonly string[] CompoundHalves = ["x-----", "x---x-", "x-x-x-", "x--x--", "..x-x-", "x---xx", "....x-"];

    private static readonly string[] WaltzBars =
    [
        "x-----------", "x-------x---", "x---x---x---", "x-----x-x---", "x---x-x-x---", "x-x-x---x---", "....x---x---", "x-----x-x-x-",
        "x--xx---x---",
    ];

    /// <summary>A new motif; <paramref name="lifted"/> ones lie higher and hold longer notes, as choruses do.</summary>
    public static Motif Make(MelodyStyle style, TimeSignature meter, Dice dice, bool lifted)
    {
        if (meter.ToString() is not ("4/4" or "3/4" or "6/8"))
        {
            return Assembled(style, meter, dice, lifted);
        }

        var cells = Cells(meter);
        var density = lifted ? style.Density * 0.9 : style.Density;
        var first = Choose(cells, style, density, dice);
        var second = dice.Chance(0.35) ? first : Choose(cells, style, density, dice);
        var third = Choose(cells, style, density * 0.6, dice);
        var halves = cells != WaltzBars;

        string[] statement = halves ? [first, second, first, third] : [first, third];
        string[] answer = halves ? [first, Choose(cells, style, density, dice), second, cells[0]] : [second, cells[0]];
        var lift = lifted ? 2 : 0;
        var said = Line(string.Concat(statement), style, dice, dice.Pick([0, 2, 4]) + lift, closing: false);
        // The answer takes up where the statement stopped, and comes home.
        var resumed = Math.Clamp(said.Count > 0 ? said[^1].Degree + dice.Pick([-1, 1, 2]) : 2, 1, 6);
        var back = Line(string.Concat(answer), style, dice, resumed, closing: true);
        return new Motif(said, back);
    }

    // Two bars put together of cells; the second is like the first but for its end, and the answer ends on a long note.
    private static Motif Assembled(MelodyStyle style, TimeSignature meter, Dice dice, bool lifted)
    {
        var slots = Slots(meter);
        var density = lifted ? style.Density * 0.9 : style.Density;
        var first = slots.Select(cells => Choose(cells, style, density, dice)).ToList();
        var rest = Choose(slots[^1], style, density * 0.6, dice);
        var turn = slots.Select(cells => Choose(cells, style, density, dice)).ToList();
        IEnumerable<string> statement = [.. first, .. first.SkipLast(1), rest];
        IEnumerable<string> answer = [.. turn, .. first.SkipLast(1), slots[^1][0]];
        var said = Line(string.Concat(statement), style, dice, dice.Pick([0, 2, 4]) + (lifted ? 2 : 0), closing: false);
        var resumed = Math.Clamp(said.Count > 0 ? said[^1].Degree + dice.Pick([-1, 1, 2]) : 2, 1, 6);
        return new Motif(said, Line(string.Concat(answer), style, dice, resumed, closing: true));
    }

    private static IReadOnlyList<string[]> Slots(TimeSignature meter) => meter.ToString() switch
    {
        "2/4" => [HalfBars],
        "5/4" => [WaltzBars, HalfBars],
        "7/8" => [HalfBars, CompoundHalves],
        _ => [.. Enumerable.Repeat(CompoundHalves, (int)meter.BeatsPerBar)],
    };

    private static string[] Cells(TimeSignature meter) => meter switch
    {
        { Denominator: 8 } => CompoundHalves,
        { Numerator: 3 } => WaltzBars,
        _ => HalfBars,
    };

    private static string Choose(string[] cells, MelodyStyle style, double density, Dice dice)
    {
        var best = cells[0];
        var bestCost = double.MaxValue;
        for (var i = 0; i < 4; i++)
        {
            var cell = dice.Pick(cells);
            var notes = cell.Count(c => c == 'x') / (cell.Length / 2.0);
            var off = cell.Where((c, step) => c == 'x' && step % 4 != 0).Count() / (double)Math.Max(1, cell.Count(c => c == 'x'));
            var cost = Math.Abs(notes - density) + (Math.Abs(off - style.Syncopation) * 0.6);
            if (cost < bestCost)
            {
                best = cell;
                bestCost = cost;
            }
        }

        return best;
    }

    private static List<MotifNote> Line(string rhythm, MelodyStyle style, Dice dice, int start, bool closing)
    {
        var onsets = Enumerable.Range(0, rhythm.Length).Where(step => rhythm[step] == 'x').ToList();
        var notes = new List<MotifNote>(onsets.Count);
        var degree = start;
        var reach = Math.Max(2, style.Range * 7 / 28);
        var turn = 0;
        for (var i = 0; i < onsets.Count; i++)
        {
            var left = onsets.Count - 1 - i;
            if (closing && left < 3)
            {
                degree = Homeward(degree, left);
            }

            notes.Add(new MotifNote(onsets[i], Length(rhythm, onsets[i]), degree));
            var move = turn != 0 ? turn : Move(style, dice, closing && degree > 1 ? 0.3 : 0.5);
            turn = Math.Abs(move) > 1 ? -Math.Sign(move) : 0;
            degree = Math.Clamp(degree + move, start - reach, start + reach);
        }

        return notes;
    }

    // To the nearest tonic, a step at a time when there are notes left for it.
    private static int Homeward(int degree, int left)
    {
        var home = degree > 3 ? 7 : 0;
        return left == 0 ? home : home + Math.Clamp(degree - home, -left, left);
    }

    private static int Length(string rhythm, int step)
    {
        var length = 1;
        while (step + length < rhythm.Length && rhythm[step + length] == '-')
        {
            length++;
        }

        return length;
    }

    private static int Move(MelodyStyle style, Dice dice, double upwards)
    {
        if (dice.Chance(0.12))
        {
            return 0;
        }

        var size = dice.Chance(style.Leap) ? 2 + dice.Below(3) : 1;
        return dice.Chance(upwards) ? size : -size;
    }
}
