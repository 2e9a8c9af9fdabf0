using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Studio.Composing;

/// <summary>A second line: long notes in contrary motion to the roots where the melody moves, small answers where it rests.</summary>
internal static class CounterPlayer
{
    public static IEnumerable<StepNote> Play(Canvas canvas, GenrePart part, Instrument instrument)
    {
        var center = Math.Clamp(64 + (12 * part.Octave), instrument.Low + 7, Math.Max(instrument.Low + 7, instrument.High - 9));
        var previous = center;
        foreach (var bar in canvas.Bars.Where(bar => Band.Plays(canvas, part, bar)))
        {
            var start = bar.Index * canvas.StepsPerBar;
            if (bar.Ending)
            {
                var last = Guide(bar.Chords[0].Chord, bar, previous, center, instrument, Against(canvas, start, canvas.RingSteps));
                yield return new StepNote(start, canvas.RingSteps, last, 0.65);
                continue;
            }

            if (bar.InSection % 4 == 3)
            {
                foreach (var note in Answer(canvas, part, bar, center, instrument))
                {
                    yield return note;
                    previous = note.Pitch;
                }

                continue;
            }

            foreach (var span in bar.Chords)
            {
                var melody = Against(canvas, start + span.Step, span.Steps);
                previous = Guide(span.Chord, bar, previous, center, instrument, melody);
                // Where each tone would rub, the line is silent.
                if (Rub(melody, previous) < 2)
                {
                    yield return new StepNote(start + span.Step, span.Steps * part.Length, previous, 0.64);
                }
            }
        }
    }

    // For how long the melody stays on each pitch class, in sixteenths.
    private static int[] Against(Canvas canvas, int start, double steps)
    {
        var held = new int[12];
        foreach (var note in canvas.Melody)
        {
            held[note.Pitch % 12] += (int)Math.Max(0, Math.Min(note.Step + note.Steps, start + steps) - Math.Max(note.Step, start) + 0.5);
        }

        return held;
    }

    // For how long the melody is a semitone away, in sixteenths.
    private static int Rub(int[] melody, int pitch) =>
        melody.Length == 0 ? 0 : melody[(pitch + 1) % 12] + melody[(pitch + 11) % 12];

    // Guide tones: the third or seventh nearest to where the line is, or another tone of the chord where they would rub a semitone against
    // the melody.
    private static int Guide(Chord chord, Bar bar, int previous, int center, Instrument instrument, int[] melody)
    {
        int RubOf(int interval) => Rub(melody, bar.Key.Tonic + chord.Root + interval);
        var guides = chord.Intervals.Skip(1).Take(3).Where(interval => interval != 7 && RubOf(interval) < 2).ToList();
        guides = guides.Count > 0 ? guides : [chord.Intervals.Take(4).MinBy(RubOf)];
        return guides
            .Select(interval => (bar.Key.Tonic + chord.Root + interval) % 12)
            .SelectMany(pitchClass => Enumerable.Range(0, 10).Select(octave => pitchClass + (12 * octave)))
            .Where(pitch => pitch >= instrument.Low && pitch <= instrument.High)
            .MinBy(pitch => (2 * Math.Abs(pitch - previous)) + Math.Abs(pitch - center));
    }

    // The tail of the chorus motif, a third above, in the bar where the melody holds its last note.
    private static IEnumerable<StepNote> Answer(Canvas canvas, GenrePart part, Bar bar, int center, Instrument instrument)
    {
        var dice = canvas.Dice(part.Id, bar, FormattableString.Invariant($"answer{bar.InSection}"));
        var scale = ScaleTones.For(bar.Key, bar.ChordAt(0), canvas.Genre.Melody.Scale);
        var pitch = Guide(bar.ChordAt(0), bar, center, center, instrument, []);
        var up = dice.Chance(0.5);
        for (var step = canvas.Meter.Middle; step < canvas.StepsPerBar; step += 2)
        {
            var at = (bar.Index * canvas.StepsPerBar) + step;
            var melody = Against(canvas, at, 2);
            if (melody[(pitch + 1) % 12] + melody[(pitch + 11) % 12] == 0)
            {
                yield return new StepNote(at, 2 * part.Length, Voicing.Fold(pitch, instrument.Low, instrument.High), 0.7);
            }

            do
            {
                pitch += up ? 1 : -1;
            }
            while (!scale[((pitch % 12) + 12) % 12]);
        }
    }
}
