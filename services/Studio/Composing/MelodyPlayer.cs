using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>
/// Develops the motifs of the sketch into melodies: statement, varied statement, statement, answer; strong beats on chord tones.
/// </summary>
internal static class MelodyPlayer
{
    private const int LargestLeap = 9;

    public static IEnumerable<StepNote> Play(Canvas canvas, GenrePart part, Instrument instrument)
    {
        int? previous = null;
        foreach (var phrase in Phrases(canvas, part))
        {
            foreach (var note in Breathed(canvas, part, phrase, Phrase(canvas, part, instrument, phrase, previous)))
            {
                previous = note.Pitch;
                yield return note;
            }
        }

        foreach (var bar in canvas.Bars.Where(bar => bar.Ending && Band.Plays(canvas, part, bar)))
        {
            var root = Nearest(Center(part, instrument, bar), (bar.Key.Tonic + bar.Chords[0].Chord.Root) % 12, instrument);
            yield return new StepNote(bar.Index * canvas.StepsPerBar, canvas.RingSteps, Near(previous, root, LargestLeap, instrument), 0.8);
        }
    }

    // Who blows, bows or thinks needs time before the next phrase; a hummed melody has its own.
    private static IEnumerable<StepNote> Breathed(
        Canvas canvas, GenrePart part, (Bar First, int Bars) phrase, IEnumerable<StepNote> notes)
    {
        if (canvas.Plan.Sketch.Motifs.Values.Any(motif => motif.FromTonic))
        {
            return notes;
        }

        var dice = canvas.Dice(part.Id, phrase.First, FormattableString.Invariant($"breath{phrase.First.InSection}"));
        var share = canvas.Genre.Melody.Rest * (0.5 + dice.Unit());
        var start = phrase.First.Index * canvas.StepsPerBar;
        var end = start + Math.Round(phrase.Bars * canvas.StepsPerBar * (1 - share));
        return notes.Where(note => note.Step < end)
            .Select(note => note with { Steps = Math.Min(note.Steps, end - note.Step) });
    }

    // Two bars at a time, where the part plays.
    private static IEnumerable<(Bar First, int Bars)> Phrases(Canvas canvas, GenrePart part)
    {
        for (var i = 0; i < canvas.Bars.Count; i++)
        {
            var bar = canvas.Bars[i];
            // Where somebody sings, the instrument that would have the melody is silent.
            if (bar.Ending || bar.InSection % 2 != 0 || bar.Section.LyricBlock >= 0 || !Band.Plays(canvas, part, bar))
            {
                continue;
            }

            var pair = i + 1 < canvas.Bars.Count && !canvas.Bars[i + 1].Ending && canvas.Bars[i + 1].SectionIndex == bar.SectionIndex;
            yield return (bar, pair ? 2 : 1);
        }
    }

    /// <summary>The melody of up to two bars.</summary>
    /// <param name="before">The pitch that it comes from; none where it begins anew.</param>
    public static IEnumerable<StepNote> Phrase(
        Canvas canvas, GenrePart part, Instrument instrument, (Bar First, int Bars) phrase, int? before = null)
    {
        var bar = phrase.First;
        var kind = SectionEnergy.Material(bar.Section.Section);
        var motif = canvas.Plan.Sketch.Motifs.GetValueOrDefault(kind) ?? canvas.Plan.Sketch.Motifs["verse"];
        var dice = canvas.Dice(part.Id, bar, FormattableString.Invariant($"phrase{bar.InSection}"));
        var end = phrase.Bars * canvas.StepsPerBar;
        var said = Developed(motif, bar, dice).Where(note => note.Step < end);
        var notes = bar.Section.Section == "solo" ? Embellished([.. said]) : [.. said];
        var center = Center(part, instrument, bar);
        var previous = before;
        var reach = LargestLeap + 3;
        for (var i = 0; i < notes.Count; i++)
        {
            var note = notes[i];
            var (chord, at) = canvas.ChordAt(bar.Index, note.Step);
            var strong = note.Step % canvas.StepsPerBar % (2 * canvas.StepsPerBeat) == 0 || note.Length >= canvas.StepsPerBeat;
            var pitch = Near(previous,
                Pitch(note, (at.Key, chord, canvas.Genre.Melody.Scale), center, strong && !motif.FromTonic, instrument), reach, instrument);
            var rises = i > 0 ? note.Degree - notes[i - 1].Degree : 0;
            pitch = rises != 0 && pitch == previous
                ? Onward(pitch, rises > 0, Tones(strong, (at.Key, chord, canvas.Genre.Melody.Scale)), instrument)
                : pitch;
            (previous, reach) = (motif.FromTonic ? null : pitch, LargestLeap);
            var steps = Math.Min(note.Length, end - note.Step) * part.Length;
            var accent = strong ? 0.86 : 0.7;
            yield return new StepNote(
                (bar.Index * canvas.StepsPerBar) + note.Step, steps, pitch, Math.Min(1, accent + (0.02 * note.Degree)));
        }
    }

    // A, A', A, B over eight bars; A, B over four; the last two bars of a section always answer.
    private static IEnumerable<MotifNote> Developed(Motif motif, Bar bar, Dice dice)
    {
        var pair = bar.InSection / 2;
        var last = bar.InSection + 2 >= bar.Section.Bars;
        if (last || pair % 4 == 3)
        {
            return motif.Answer;
        }

        if (pair % 4 != 1)
        {
            return motif.Statement;
        }

        return dice.Below(3) switch
        {
            0 => motif.Statement.Select(note => note with { Degree = note.Degree + 1 }),
            1 => motif.Statement.Select((note, i) => i * 2 < motif.Statement.Count ? note : note with { Degree = note.Degree - 1 }),
            _ => motif.Statement.Take(motif.Statement.Count - 1)
                .Append(motif.Statement[^1] with { Degree = motif.Statement[^1].Degree + 2 }),
        };
    }

    // A soloist plays around the melody: long notes move on to where it goes.
    private static List<MotifNote> Embellished(List<MotifNote> said)
    {
        var notes = new List<MotifNote>(2 * said.Count);
        for (var i = 0; i < said.Count; i++)
        {
            var half = said[i].Length / 2;
            if (said[i].Length < 4 || i + 1 == said.Count)
            {
                notes.Add(said[i]);
                continue;
            }

            var towards = said[i + 1].Degree > said[i].Degree ? 1 : -1;
            notes.Add(said[i] with { Length = half });
            notes.Add(said[i] with { Step = said[i].Step + half, Length = said[i].Length - half, Degree = said[i].Degree + towards });
        }

        return notes;
    }

    // Within a phrase nobody leaps further than a sixth where an octave brings the tone nearer; between two, an octave.
    private static int Near(int? previous, int pitch, int reach, Instrument instrument)
    {
        while (previous is { } from && Math.Abs(pitch - from) > reach)
        {
            var nearer = pitch > from ? pitch - 12 : pitch + 12;
            if (Math.Abs(nearer - from) >= Math.Abs(pitch - from) || nearer < instrument.Low || nearer > instrument.High)
            {
                break;
            }

            pitch = nearer;
        }

        return pitch;
    }

    private static int Center(GenrePart part, Instrument instrument, Bar bar)
    {
        var center = 67 + (12 * part.Octave) + (bar.Energy > 0.7 ? 2 : 0);
        return Math.Clamp(center, instrument.Low + 7, Math.Max(instrument.Low + 7, instrument.High - 16));
    }

    private static int Pitch(MotifNote note, (Key Key, Chord Chord, string Scale) at, int center, bool strong, Instrument instrument)
    {
        var tonic = Nearest(center, at.Key.Tonic, instrument);
        var octave = (int)Math.Floor(note.Degree / 7.0);
        var pitch = tonic + (12 * octave) + at.Key.Steps[note.Degree - (7 * octave)] + note.Alter;
        if (note.Alter == 0)
        {
            pitch = Snap(pitch, Tones(strong, at));
        }

        return Voicing.Fold(pitch, instrument.Low, instrument.High);
    }

    // A line that moves goes on to the next tone where the nearest one would be the last again.
    private static int Onward(int pitch, bool up, bool[] allowed, Instrument instrument)
    {
        for (var distance = 1; distance <= LargestLeap; distance++)
        {
            var next = up ? pitch + distance : pitch - distance;
            if (next < instrument.Low || next > instrument.High)
            {
                return pitch;
            }

            if (allowed[next % 12])
            {
                return next;
            }
        }

        return pitch;
    }

    private static bool[] Tones(bool strong, (Key Key, Chord Chord, string Scale) at) =>
        strong ? ChordTones(at.Key, at.Chord) : ScaleTones.For(at.Key, at.Chord, at.Scale);

    private static bool[] ChordTones(Key key, Chord chord)
    {
        var tones = new bool[12];
        foreach (var pitchClass in chord.PitchClasses(key.Tonic))
        {
            tones[pitchClass] = true;
        }

        return tones;
    }

    private static int Snap(int pitch, bool[] allowed)
    {
        for (var distance = 0; distance < 7; distance++)
        {
            if (allowed[(pitch - distance + 120) % 12])
            {
                return pitch - distance;
            }

            if (allowed[(pitch + distance) % 12])
            {
                return pitch + distance;
            }
        }

        return pitch;
    }

    private static int Nearest(int center, int pitchClass, Instrument instrument)
    {
        var below = center - ((((center - pitchClass) % 12) + 12) % 12);
        var pitch = center - below <= 6 ? below : below + 12;
        return Voicing.Fold(pitch, instrument.Low, instrument.High);
    }
}
