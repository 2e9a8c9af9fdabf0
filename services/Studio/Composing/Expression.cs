using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Controller movements: swells of held sounds, vibrato on long notes, the pedal of pianos.</summary>
internal static class Expression
{
    private const int ModulationController = 1;
    private const int ExpressionController = 11;
    private const int PedalController = 64;
    private const int BendController = -1;
    private const int BendCenter = 8192;

    /// <summary>A semitone, where the range of the wheel is the usual two.</summary>
    private const int BendSemitone = 4096;

    /// <summary>Parts that are played shorter than this want no pedal.</summary>
    private const double Legato = 0.9;

    // General MIDI programs: pianos; guitars, trombone, saxophones and synthesizer leads; bowed and blown instruments.
    private static readonly HashSet<int> Pedalled = [0, 1, 4, 5, 11];
    private static readonly HashSet<int> Bending = [22, 26, 27, 29, 30, 57, 64, 65, 66, 67, 80, 81, 82, 85];
    private static readonly HashSet<int> Vibrating = [40, 41, 42, 56, 57, 60, 64, 65, 66, 68, 71, 73, 75, 77, 78, 80, 81, 82, 85];

    public static IReadOnlyList<Control> For(Canvas canvas, GenrePart part, Instrument instrument, IReadOnlyList<Note> notes) =>
    [
        .. part.Role switch
        {
            PartRole.Pad or PartRole.Strings => Swells(canvas),
            PartRole.Lead or PartRole.Counter => [.. Shape(canvas), .. Touch(canvas, part, instrument, notes)],
            PartRole.Chords or PartRole.Arpeggio when Pedalled.Contains(instrument.Program) && part.Length >= Legato =>
                Pedal(canvas, notes),
            _ => Enumerable.Empty<Control>(),
        },
    ];

    // Down just after a chord begins, up just before the next.
    private static IEnumerable<Control> Pedal(Canvas canvas, IReadOnlyList<Note> notes)
    {
        const int Lift = 20;
        foreach (var (bar, span) in canvas.Bars.SelectMany(bar => bar.Chords, (bar, span) => (bar, span)))
        {
            var start = ((bar.Index * canvas.StepsPerBar) + span.Step) * Canvas.TicksPerStep;
            var end = start + ((bar.Ending ? canvas.RingSteps : span.Steps) * Canvas.TicksPerStep);
            if (notes.Any(note => note.Tick >= start - Lift && note.Tick < end - Lift))
            {
                yield return new Control(start + Lift, PedalController, 127);
                yield return new Control(end - Lift, PedalController, 0);
            }
        }
    }

    // Long notes begin to tremble late; now and then one is reached from below.
    private static IEnumerable<Control> Touch(Canvas canvas, GenrePart part, Instrument instrument, IReadOnlyList<Note> notes)
    {
        var dice = canvas.Dice(part.Id, "touch");
        foreach (var note in notes.Where(note => note.Duration >= Score.TicksPerQuarter))
        {
            if (Bending.Contains(instrument.Program) && dice.Chance(0.3))
            {
                for (var step = 0; step <= 4; step++)
                {
                    var bend = BendCenter - (BendSemitone * (4 - step) / 4);
                    yield return new Control(note.Tick + (step * Canvas.TicksPerStep / 4), BendController, bend);
                }
            }

            if (Vibrating.Contains(instrument.Program))
            {
                yield return new Control(note.Tick + (note.Duration / 3), ModulationController, 24);
                yield return new Control(note.Tick + (note.Duration / 2), ModulationController, 48);
                yield return new Control(note.Tick + note.Duration, ModulationController, 0);
            }
        }
    }

    // Held chords breathe over two bars, and grow towards the section that follows a quieter one.
    private static List<Control> Swells(Canvas canvas)
    {
        var controls = new List<Control>();
        foreach (var bar in canvas.Bars)
        {
            var start = bar.Index * canvas.StepsPerBar;
            var next = bar.Index + 1 < canvas.Bars.Count ? canvas.Bars[bar.Index + 1] : bar;
            var grows = bar.Last && next.Section.Energy > bar.Section.Energy + 0.1;
            for (var step = 0; step < canvas.StepsPerBar; step += 2)
            {
                var share = (((bar.InSection % 2) * canvas.StepsPerBar) + step) / (2.0 * canvas.StepsPerBar);
                var arch = 1 - ((2 * share - 1) * (2 * share - 1));
                var swell = grows ? 92 + (35.0 * step / canvas.StepsPerBar) : 92 + (20 * arch) + (10 * bar.Energy);
                controls.Add(new Control((start + step) * Canvas.TicksPerStep, ExpressionController, Math.Clamp((int)swell, 1, 127)));
            }
        }

        return controls;
    }

    // Phrases rise to their middle.
    private static List<Control> Shape(Canvas canvas)
    {
        var controls = new List<Control>();
        foreach (var bar in canvas.Bars)
        {
            for (var step = 0; step < canvas.StepsPerBar; step += 4)
            {
                var share = (((bar.InSection % 2) * canvas.StepsPerBar) + step) / (2.0 * canvas.StepsPerBar);
                var arch = 1 - ((2 * share - 1) * (2 * share - 1));
                controls.Add(new Control(
                    ((bar.Index * canvas.StepsPerBar) + step) * Canvas.TicksPerStep, ExpressionController, (int)(104 + (20 * arch))));
            }
        }

        return controls;
    }
}
