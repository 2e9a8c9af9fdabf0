using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Comps, strums, holds pads and breaks chords into arpeggios, every chord led from the one before.</summary>
internal static class ChordPlayer
{
    public static IEnumerable<StepNote> Play(Canvas canvas, GenrePart part, Instrument instrument)
    {
        var (low, high) = Register(part, instrument);
        IReadOnlyList<int> previous = [];
        foreach (var bar in canvas.Bars.Where(bar => Band.Plays(canvas, part, bar)))
        {
            var start = bar.Index * canvas.StepsPerBar;
            var pattern = Defaults.Pattern(canvas, part, bar);
            var offset = bar.InSection * canvas.StepsPerBar % pattern.Length;
            foreach (var span in bar.Chords)
            {
                var lift = Lift(part, bar);
                var voicing = Voicing.Lead(
                    span.Chord, bar.Key.Tonic, part.Voicing, Math.Max(instrument.Low, Math.Min(low + lift, high - 19)),
                        Math.Min(high + lift, instrument.High), bar.First ? [] : previous);
                previous = voicing;
                if (bar.Ending)
                {
                    foreach (var pitch in voicing)
                    {
                        yield return new StepNote(start, canvas.RingSteps, pitch, 0.72);
                    }

                    continue;
                }

                var slice = pattern.Substring(offset, canvas.StepsPerBar);
                var notes = part.Role == PartRole.Arpeggio ? Broken(slice, span, voicing, instrument.High)
                    : Struck(slice, span, voicing, part.Length);
                foreach (var note in notes)
                {
                    yield return note with { Step = note.Step + start };
                }
            }
        }
    }

    // Choruses lie higher than verses; a section finds its own place, and leads its chords from there.
    private static int Lift(GenrePart part, Bar bar) =>
        part.Voicing is "power" or "tenth" ? 0 : bar.Section.Energy > 0.8 ? 5 : bar.Section.Energy < 0.45 ? -2 : 0;

    /// <summary>Where the part's chords lie.</summary>
    public static (int Low, int High) Register(GenrePart part, Instrument instrument)
    {
        var (low, high) = part.Role switch
        {
            PartRole.Arpeggio => (57, 84),
            PartRole.Pad or PartRole.Strings => (50, 79),
            _ when part.Voicing == "power" => (38, 60),
            _ when part.Voicing == "tenth" => (38, 65),
            _ => (50, 76),
        };
        low = Math.Max(instrument.Low, low + (12 * part.Octave));
        high = Math.Min(instrument.High, high + (12 * part.Octave));
        return high - low < 19 ? (Math.Max(instrument.Low, high - 22), Math.Min(instrument.High, low + 22)) : (low, high);
    }

    private static IEnumerable<StepNote> Struck(string slice, ChordSpan span, IReadOnlyList<int> voicing, double length)
    {
        for (var step = span.Step; step < span.Step + span.Steps; step++)
        {
            // A chord that changes under a held note is struck again.
            var stroke = slice[step] == '-' && step == span.Step ? 'x' : slice[step];
            var accent = Patterns.Accent(stroke);
            if (accent <= 0)
            {
                continue;
            }

            var steps = Math.Min(Patterns.Length(slice, step), span.Step + span.Steps - step);
            foreach (var pitch in voicing)
            {
                yield return new StepNote(step, steps * length, pitch, pitch == voicing[^1] ? accent : accent * 0.92);
            }
        }
    }

    // Digits count the chord's tones from the lowest; beyond the last they go on an octave higher.
    private static IEnumerable<StepNote> Broken(string slice, ChordSpan span, IReadOnlyList<int> voicing, int high)
    {
        for (var step = span.Step; step < span.Step + span.Steps; step++)
        {
            if (!char.IsAsciiDigit(slice[step]))
            {
                continue;
            }

            var index = slice[step] - '0';
            var pitch = voicing[index % voicing.Count] + (12 * (index / voicing.Count));
            yield return new StepNote(
                step, Patterns.Length(slice, step) + 0.2, Voicing.Fold(pitch, voicing[0], high), step % 4 == 0 ? 0.8 : 0.66);
        }
    }
}
