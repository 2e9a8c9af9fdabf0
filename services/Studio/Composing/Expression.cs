using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Controller movements: swells of held sounds, vibrato on long notes, the pedal of pianos.</summary>
internal static class Expression
{
    private const int ExpressionController = 11;

    public static IReadOnlyList<Control> For(Canvas canvas, GenrePart part) => part.Role switch
    {
        PartRole.Pad or PartRole.Strings => Swells(canvas),
        PartRole.Lead or PartRole.Counter => Shape(canvas),
        _ => [],
    };

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
