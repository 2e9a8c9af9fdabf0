using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Studio.Composing;

/// <summary>Plays bass patterns: <c>r</c> root, <c>3</c>, <c>5</c>, <c>7</c>, <c>8</c> chord tones, <c>a</c> a note that leads into the
/// next chord,
/// <c>w</c> a walking step; capitals and the low octave are accents.</summary>
internal static class BassPlayer
{
    public static IEnumerable<StepNote> Play(Canvas canvas, GenrePart part, Instrument instrument)
    {
        var low = instrument.Low + (12 * part.Octave);
        var previous = low + 7;
        foreach (var bar in canvas.Bars.Where(bar => Band.Plays(canvas, part, bar)))
        {
            var start = bar.Index * canvas.StepsPerBar;
            if (bar.Ending)
            {
                yield return new StepNote(start, canvas.RingSteps, Root(bar.Chords[0].Chord, bar, low), 0.85);
                continue;
            }

            var dice = canvas.Dice(part.Id, bar, FormattableString.Invariant($"bar{bar.InSection}"));
            var pattern = Defaults.Pattern(canvas, part, bar);
            var offset = bar.InSection * canvas.StepsPerBar % pattern.Length;
            var slice = pattern.Substring(offset, canvas.StepsPerBar);
            for (var step = 0; step < slice.Length; step++)
            {
                var symbol = Symbol(slice, bar, step);
                if (symbol is '.' or '-')
                {
                    continue;
                }

                previous = Pitch(canvas, bar, step, symbol, (low, previous), dice);
                var steps = Patterns.Length(slice, step) * part.Length;
                yield return new StepNote(
                    start + step, steps, previous, symbol is 'r' or 'R' && step == 0 ? 0.95 : char.IsAsciiLetterUpper(symbol) ? 1 : 0.78);
            }
        }
    }

    // Where the chord changes the root is heard, also when the pattern holds or plays another tone there.
    private static char Symbol(string slice, Bar bar, int step)
    {
        var changes = step > 0 && bar.Chords.Any(span => span.Step == step);
        return changes && slice[step] is not ('r' or 'R' or '.') ? 'r' : slice[step];
    }

    private static int Pitch(Canvas canvas, Bar bar, int step, char symbol, (int Low, int Previous) line, Dice dice)
    {
        var chord = bar.ChordAt(step);
        var root = Root(chord, bar, line.Low);
        var third = chord.Intervals.Count > 2 ? chord.Intervals[1] : 7;
        var fifth = chord.Intervals.Count > 2 ? chord.Intervals[2] : 7;
        return char.ToLowerInvariant(symbol) switch
        {
            '3' => root + third,
            '5' => root + fifth > line.Low + 19 ? root + fifth - 12 : root + fifth,
            '7' => root + (chord.Intervals.Count > 3 ? chord.Intervals[3] : 12),
            '8' => root + 12,
            'a' => Approach(canvas, bar, step, line.Low, dice),
            'w' => Walk(chord, bar, line, dice),
            _ => root,
        };
    }

    private static int Root(Chord chord, Bar bar, int low) => Voicing.Fold((bar.Key.Tonic + chord.Root) % 12, low, low + 12);

    // A semitone or scale step from above or below, or the fifth of where it goes.
    private static int Approach(Canvas canvas, Bar bar, int step, int low, Dice dice)
    {
        var (chord, next) = canvas.ChordAt(bar.Index, ((step / 4) + 1) * 4);
        var target = Root(chord, next, low);
        var pitch = dice.Below(4) switch
        {
            0 => target + 1,
            1 => target - 1,
            2 => target - 2,
            _ => target + 7,
        };
        return pitch < low ? pitch + 12 : pitch;
    }

    private static int Walk(Chord chord, Bar bar, (int Low, int Previous) line, Dice dice)
    {
        var scale = ScaleTones.For(bar.Key, chord, "diatonic");
        var up = line.Previous < line.Low + 6 || (line.Previous < line.Low + 17 && dice.Chance(0.5));
        var pitch = line.Previous;
        do
        {
            pitch += up ? 1 : -1;
        }
        while (!scale[((pitch % 12) + 12) % 12]);
        return pitch;
    }
}
