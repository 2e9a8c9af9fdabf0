using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Invents motifs: a rhythm of repeated cells and a line that moves by step, leaps now and then and turns back after a leap.</summary>
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
        "x-----------", "x-------x---", "x---x---x---", "x-----x-x---", "x---x-x-x---", "x-x-x---x---", "....x---x---", "x-----x-x-x-", "x--xx---x---",
    ];

    /// <summary>A new motif; <paramref name="lifted"/> ones lie higher and hold longer notes, as choruses do.</summary>
    public static Motif Make(MelodyStyle style, TimeSignature meter, Dice dice, bool lifted)
    {
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
        var back = Line(string.Concat(answer), style, dice, dice.Pick([2, 4, 5]) + lift, closing: true);
        return new Motif(said, back);
    }

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
        var reach = Math.Max(3, style.Range * 7 / 24);
        var turn = 0;
        for (var i = 0; i < onsets.Count; i++)
        {
            var step = onsets[i];
            var length = 1;
            while (step + length < rhythm.Length && rhythm[step + length] == '-')
            {
                length++;
            }

            if (closing && i == onsets.Count - 1)
            {
                degree = 0;
            }

            notes.Add(new MotifNote(step, length, degree));
            var move = turn != 0 ? turn : Move(style, dice);
            turn = Math.Abs(move) > 1 ? -(move / Math.Abs(move)) : 0;
            degree = Math.Clamp(degree + move, start - reach, start + reach);
            if (closing && i >= onsets.Count - 3)
            {
                degree -= Math.Sign(degree);
            }
        }

        return notes;
    }

    private static int Move(MelodyStyle style, Dice dice)
    {
        if (dice.Chance(0.12))
        {
            return 0;
        }

        var size = dice.Chance(style.Leap) ? 2 + dice.Below(3) : 1;
        return dice.Chance(0.5) ? size : -size;
    }
}
