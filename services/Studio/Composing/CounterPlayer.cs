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
                yield return new StepNote(start, canvas.RingSteps, Guide(bar.Chords[0].Chord, bar, previous, center, instrument), 0.65);
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
                previous = Guide(span.Chord, bar, previous, center, instrument);
                yield return new StepNote(start + span.Step, span.Steps * part.Length, previous, 0.64);
            }
        }
    }

    // Guide tones: the third or seventh nearest to where the line is.
    private static int Guide(Chord chord, Bar bar, int previous, int center, Instrument instrument)
    {
        var guides = chord.Intervals.Skip(1).Take(3).Where(interval => interval != 7).DefaultIfEmpty(7);
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
        var pitch = Guide(bar.ChordAt(0), bar, center, center, instrument);
        var up = dice.Chance(0.5);
        for (var step = canvas.StepsPerBar / 2; step < canvas.StepsPerBar; step += 2)
        {
            yield return new StepNote((bar.Index * canvas.StepsPerBar) + step, 2 * part.Length, Voicing.Fold(pitch, instrument.Low, instrument.High), 0.7);
            do
            {
                pitch += up ? 1 : -1;
            }
            while (!scale[((pitch % 12) + 12) % 12]);
        }
    }
}
